"""Commands that give a login the least rights: those in PowerShell are the same in any language.

https://learn.microsoft.com/exchange/permissions-exo/application-rbac
https://learn.microsoft.com/exchange/client-developer/exchange-web-services/how-to-configure-impersonation
"""

SCOPE = """Get-Mailbox -Identity ann@example.com | Set-Mailbox -CustomAttribute1 "odoo"
New-ManagementScope -Name "Odoo users" -RecipientRestrictionFilter "CustomAttribute1 -eq 'odoo'"
"""

# Instead of consenting to the application permission in Entra, which would open every mailbox.
RBAC = (
    """Connect-ExchangeOnline
$app = "{client}"
$object = "<object id of the enterprise application in Microsoft Entra>"
New-ServicePrincipal -AppId $app -ObjectId $object -DisplayName "Odoo"
"""
    + SCOPE
    + """New-ManagementRoleAssignment -App $object -Role "Application Calendars.ReadWrite" `
    -CustomResourceScope "Odoo users"
Test-ServicePrincipalAuthorization -Identity $object -Resource ann@example.com

# Where the permission was consented to in Entra already, limit it instead (older way):
New-ApplicationAccessPolicy -AppId $app -PolicyScopeGroupId odoo-users@example.com `
    -AccessRight RestrictAccess -Description "Odoo: calendars of these people only"
"""
)

IMPERSONATION = (
    SCOPE
    + """New-ManagementRoleAssignment -Name "Odoo" -Role ApplicationImpersonation `
    -User "{login}" -CustomRecipientWriteScope "Odoo users"
"""
)
