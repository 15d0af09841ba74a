// What a reader sees changes at once; the rest of the page follows in a pause, or when it is seen.

const inView = new WeakSet();
const waiting = new Set();
let due = 0;

function catchUp() {
  const tasks = [...waiting];
  waiting.clear();
  for (const task of tasks) task();
}

const watcher = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) inView[isIntersecting ? "add" : "delete"](target);
  catchUp();
});

/** Make of a task about an element one that comes in its turn: now, or in the next pause. */
export function inTurn(element, task) {
  watcher.observe(element);
  return () => {
    if (inView.has(element)) return task();
    waiting.add(task);
    clearTimeout(due);
    due = setTimeout(catchUp, 50);
  };
}
