// Material asks for the search index wherever a page is opened: let it wait until somebody searches.

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
  const begin = ({ target }) => {
    if (!target.matches("#__search, .md-search__input")) return;
    searching = true;
    for (const request of waiting) send.call(request);
    waiting.clear();
  };
  for (const event of ["change", "focusin"]) document.addEventListener(event, begin);
}
