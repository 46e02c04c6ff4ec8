// The page that a provider's consent ends on. It stands alone: no bundle is loaded for it.
(() => {
    // The address holds a code; it is used up, and nobody should meet it in the history.
    history.replaceState(null, "", location.pathname);
    const { opener } = window;
    if (opener) {
        opener.postMessage({ type: "synced_meetings/consent" }, location.origin);
    }
    if (document.body.dataset.closes) {
        window.close();
    }
})();
