// Material asks for the search index wherever a page is opened: let it wait until somebody searches.
// And it looks at what was typed when a key goes up, which no key does for what is pasted or spoken.

{
  const { open, send } = XMLHttpRequest.prototype;
  const waiting = new Set();
  // A page that was found marks the words that were searched for, which takes the index as well
  let searching = new URLSearchParams(location.search).has("h");

  XMLHttpRequest.prototype.open = function (method, address, ...rest) {
    if (!searching && /search\/search_index\.json$/.test(address)) waiting.add(this);
    open.call(this, method, address, ...rest);
  };
  XMLHttpRequest.prototype.send = function (body) {
    if (!waiting.has(this)) send.call(this, body);
  };
  const begin = ({ target, type }) => {
    if (!target.matches("#__search, .md-search__input")) return;
    searching = true;
    for (const request of waiting) send.call(request);
    waiting.clear();
    if (type === "input") target.dispatchEvent(new Event("keyup"));
  };
  for (const event of ["change", "focusin", "input"]) document.addEventListener(event, begin);
}
