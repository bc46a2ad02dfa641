// What the browser remembers for us. Where storage is switched off, it lasts as long as the page.

function quietly(work, otherwise = null) {
  try {
    return work();
  } catch {
    return otherwise;
  }
}

/** What this tab kept under that name. */
export function recall(name, otherwise) {
  return quietly(() => JSON.parse(sessionStorage.getItem(`musubi.${name}`)), null) ?? otherwise;
}

/** Keeps something for as long as the tab is there, across reloads. */
export function keepInTab(name, value) {
  quietly(() => sessionStorage.setItem(`musubi.${name}`, JSON.stringify(value)));
}

/** A choice made on this machine, or null. */
export function recallChoice(name) {
  return quietly(() => localStorage.getItem(`musubi.${name}`));
}

/** Keeps a choice for the next time. */
export function keepChoice(name, value) {
  quietly(() => localStorage.setItem(`musubi.${name}`, value));
}
