// Before the first paint: the look the reader chose last time. A classic script on purpose, so that nothing flashes.
(function () {
  try {
    const theme = localStorage.getItem("musubi.theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // Storage is switched off: the system's look it is.
  }
})();
