"""A carer's tablet: its cards and buttons, and the reception and time that a test can change."""

from playwright.sync_api import Locator, Page

# Reception as it is in a corridor: "gone" no request leaves, "mute" no mark does, "deaf" requests arrive and their
# answers are lost.
RECEPTION = """
const real = window.fetch;
window.fetch = async (...request) => {
  const reception = sessionStorage.getItem("reception");
  const isMark = request[1].method === "POST";
  if (reception === "gone" || (reception === "mute" && isMark)) throw new TypeError("no reception");
  const answer = await real(...request);
  if (reception === "deaf") throw new TypeError("answer lost");
  return answer;
};
"""


# Time that passes at a word.
TIME = """
const now = Date.now, every = window.setInterval, clocks = [];
let ahead = 0;
Date.now = () => now() + ahead;
window.setInterval = (work, pause) => { clocks.push({ work, pause }); return every(work, pause); };
window.letPass = (seconds) => {
  const before = ahead;
  ahead += 1000 * seconds;
  for (const { work, pause } of clocks) if (Math.floor(ahead / pause) > Math.floor(before / pause)) work();
};
"""


def card(page: Page, name: str) -> Locator:
    return page.locator(".person").filter(has=page.get_by_role("heading", name=name))


def tap(page: Page, name: str, button: str) -> None:
    card(page, name).get_by_role("button", name=button, exact=True).click()


def set_reception(page: Page, how: str) -> None:
    page.evaluate("how => sessionStorage.setItem('reception', how)", how)
