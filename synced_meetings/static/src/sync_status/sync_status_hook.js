import { useService } from "@web/core/utils/hooks";

import { onMounted, onWillUnmount } from "@odoo/owl";

export const STATUS_CHANGED = "synced_meetings/status";

/**
 * Calls `onEnd` when runs of the user's calendars ended, once for a burst of them.
 *
 * @param {(pulled: number) => void} onEnd gets how many events the runs brought
 */
export function useSyncEnd(onEnd) {
    const bus = useService("bus_service");
    let timer = null;
    let pulled = 0;
    const end = () => {
        const brought = pulled;
        pulled = 0;
        onEnd(brought);
    };
    const listener = (status) => {
        pulled += status.pulled || 0;
        clearTimeout(timer);
        timer = setTimeout(end, 300);
    };
    onMounted(() => bus.subscribe(STATUS_CHANGED, listener));
    onWillUnmount(() => {
        clearTimeout(timer);
        bus.unsubscribe(STATUS_CHANGED, listener);
    });
}
