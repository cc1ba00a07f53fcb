/* Marks a browser that is able to run the pages, so that the plain page underneath stays hidden. ES5 on purpose. */
(() => {
  var able =
    typeof Promise !== "undefined" &&
    "noModule" in document.createElement("script") &&
    "replaceAll" in String.prototype &&
    typeof window.ResizeObserver !== "undefined" &&
    !!window.CSS &&
    CSS.supports("gap", "1px");
  if (able) document.documentElement.className = "able";
})();
