// Follows the requests of a page from its first line on: which are under way, and which Odoo
// answered with an error, which HTTP itself calls a success.
(() => {
    if (window.isQuiet) {
        return; // followed already
    }
    const quiet = { open: 0, since: performance.now() };
    const count = (change) => {
        quiet.open += change;
        quiet.since = performance.now();
    };
    const tell = ({ responseText, responseURL }) => {
        const error = responseText.startsWith('{"jsonrpc"') && JSON.parse(responseText).error;
        if (error) {
            console.error(`Odoo refused ${responseURL}: ${error.data?.name}: ${error.data?.message}`);
        }
    };
    const { send } = XMLHttpRequest.prototype;
    XMLHttpRequest.prototype.send = function (...args) {
        count(1);
        const end = () => {
            count(-1);
            if (["", "text"].includes(this.responseType)) {
                tell(this);
            }
        };
        this.addEventListener("loadend", end, { once: true });
        return send.apply(this, args);
    };
    const { fetch } = window;
    window.fetch = (...args) => {
        count(1);
        return fetch(...args).finally(() => count(-1));
    };
    /** Whether a page of Odoo is there, drawn, and asks for nothing more. */
    window.isQuiet = () =>
        quiet.open === 0 &&
        performance.now() - quiet.since > 150 &&
        document.querySelector(".o_action_manager > *, body > main") &&
        !document.querySelector(".o_loading_indicator, .o_blockUI") &&
        document.fonts.status === "loaded" &&
        [...document.images].every((image) => image.complete || image.loading === "lazy");
})();
