from . import crm_lead, synced_switch
