const WEB_ADDRESS = /^https?:\/\/\S+$/i;
const POSTAL_ADDRESS = /\d.*,|,.*\d/;

/**
 * Returns what can be followed, else "". What comes from a calendar is anybody's text: only web
 * addresses become links, never "javascript:" or "data:".
 *
 * @param {string} text
 */
export function webAddress(text) {
    return WEB_ADDRESS.test((text || "").trim()) ? text.trim() : "";
}

/** @returns {string} where to follow a location to: its own address, or a map of it */
export function placeAddress(text) {
    if (webAddress(text) || !POSTAL_ADDRESS.test(text || "")) {
        return webAddress(text);
    }
    return `https://www.google.com/maps/search/?api=1&query=${encodeURIComponent(text)}`;
}
