// Material requests the search index on every page: delay that until somebody searches. And it
// searches when a key is released, which does not happen for pasted or spoken text.

{
  const { open, send } = XMLHttpRequest.prototype;
  const waiting = new Set();
  // A page that was opened from a search marks the words, for which it needs the index too
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
