// Returns sentences about what a person at this page would have to complain about.
({ ours, phone }) => {
    const found = [];
    const name = (element) => {
        const id = element.id ? `#${element.id}` : "";
        return element.tagName.toLowerCase() + id + [...element.classList].map((one) => `.${one}`).join("");
    };
    const style = (element) => getComputedStyle(element);
    const SCROLLS = ["auto", "scroll"];
    const CUTS = ["hidden", "clip"];
    const areas = [...document.querySelectorAll(ours)];

    // ---- sideways scrolling, of the page or of a part of it ----

    const wide = (element) => element.scrollWidth > element.clientWidth + 1;
    const root = document.scrollingElement;
    if (innerWidth <= phone) {
        if (root.scrollWidth > root.clientWidth) {
            found.push(`The page scrolls sideways: ${root.scrollWidth} > ${root.clientWidth}`);
        }
        for (const element of document.querySelectorAll("body *")) {
            const part = areas.some((area) => area.contains(element) || element.contains(area));
            if (part && SCROLLS.includes(style(element).overflowX) && wide(element) && element.checkVisibility()) {
                found.push(`${name(element)} scrolls sideways: ${element.scrollWidth} > ${element.clientWidth}`);
            }
        }
    }

    // ---- text that is cut off ----

    // Half a line of leading may be lost unseen; a pixel sideways is rounding.
    const SLACK = { x: 1.5, y: 4 };
    const plain = (text) => text.replace(/\s+/g, " ").trim();
    /** Whether a tooltip says the whole text. */
    const told = (element, text) => {
        for (let at = element; at; at = at.parentElement) {
            if ([at.title, at.dataset.tooltip].some((words) => words && plain(words).includes(plain(text)))) {
                return true;
            }
        }
        return false;
    };
    const seen = (element) =>
        element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
        !["SCRIPT", "STYLE", "OPTION"].includes(element.tagName);
    // For screen readers alone: a square of one pixel.
    const unseen = (box) => box.width <= 2 || box.height <= 2;

    /** Returns the element that cuts the text off, and by how much. */
    const cutter = (element, text) => {
        const open = { x: true, y: true };
        for (let at = element; at && at !== document.body && (open.x || open.y); at = at.parentElement) {
            const { overflowX, overflowY, position } = style(at);
            const box = at.getBoundingClientRect();
            if (CUTS.includes(overflowX) || CUTS.includes(overflowY)) {
                if (unseen(box)) {
                    return null;
                }
                const over = Math.max(text.right - box.right, box.left - text.left);
                if (open.x && CUTS.includes(overflowX) && over > SLACK.x) {
                    return { at, over, axis: "sideways" };
                }
                const below = Math.max(text.bottom - box.bottom, box.top - text.top);
                if (open.y && CUTS.includes(overflowY) && below > SLACK.y) {
                    return { at, over: below, axis: "in height" };
                }
            }
            // What a person can scroll to is not lost.
            open.x &&= !SCROLLS.includes(overflowX);
            open.y &&= !SCROLLS.includes(overflowY);
            if (position === "fixed") {
                break;
            }
        }
        const over = Math.max(text.right - innerWidth, -text.left);
        return open.x && over > SLACK.x ? { at: root, over, axis: "by the window" } : null;
    };

    const judge = (element, shown, box) => {
        const cut = cutter(element, box);
        if (cut && !told(element, shown)) {
            const by = `${Math.round(cut.over)} px ${cut.axis} by ${name(cut.at)}`;
            found.push(`“${shown.slice(0, 60)}” in ${name(element)} is cut off ${by}`);
        }
    };
    const walk = (area) => {
        const texts = document.createTreeWalker(area, NodeFilter.SHOW_TEXT);
        while (texts.nextNode()) {
            const node = texts.currentNode;
            const shown = node.data.trim();
            if (shown && seen(node.parentElement)) {
                const range = document.createRange();
                range.selectNodeContents(node);
                judge(node.parentElement, shown, range.getBoundingClientRect());
            }
        }
    };
    areas.filter((area) => !areas.some((other) => other !== area && other.contains(area))).forEach(walk);
    return [...new Set(found)];
}
