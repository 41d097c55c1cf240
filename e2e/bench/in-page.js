/* Runs in the page, before anything of its own: notes times, in ms of the page's clock. Called by page.bench.ts. */

const rowsOf = '[role=grid][aria-label=Entries]';

globalThis.bench = {
  /** Tasks of 50 ms and more, from the start: `{ at, ms }`. */
  tasks: [],
  /** Intervals between frames while it was scrolled. */
  frames: [],
  /** From the click to the first row that says something. */
  firstRowsMs: null,
  /** From a move of the pointer to other words below the map. */
  answers: [],

  /** Waits for a click anywhere, then for the first row of entries with words in it. */
  noteFirstRows() {
    const look = (clicked) => {
      const cell = document.querySelector(`${rowsOf} [role=rowgroup] [role=gridcell]`);
      if (cell?.textContent) bench.firstRowsMs = performance.now() - clicked;
      else requestAnimationFrame(() => look(clicked));
    };
    document.addEventListener('click', ({ timeStamp }) => look(timeStamp), { capture: true, once: true });
  },

  hasRows: (count) => document.querySelector(rowsOf)?.getAttribute('aria-rowcount') === String(count + 1),

  /** Scrolls the entries for so long: mostly on and on, now and then somewhere else altogether. */
  scrollFor(ms) {
    const grid = document.querySelector(rowsOf);
    const began = performance.now();
    bench.frames = [];
    return new Promise((resolve) => {
      let last = null;
      let count = 0;
      const frame = (now) => {
        if (last !== null) bench.frames.push(now - last);
        last = now;
        count += 1;
        if (now - began > ms) return resolve();
        const jump = ((count * 7919) % 1000) * (grid.scrollHeight / 1000);
        grid.scrollTop = count % 120 === 0 ? jump : grid.scrollTop + 40 + (count % 200);
        return requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    });
  },

  /** From now on notes how long the words below the map take to follow the pointer. */
  notePointer() {
    let moved = null;
    const note = ({ timeStamp }) => {
      moved = timeStamp;
    };
    document.addEventListener('mousemove', note, { capture: true });
    new MutationObserver(() => {
      if (moved !== null) bench.answers.push(performance.now() - moved);
      moved = null;
    }).observe(document.querySelector('.map-said'), { childList: true, subtree: true, characterData: true });
  },

  draws: () => performance.getEntriesByName('map draw').map(({ duration }) => duration),
};

new PerformanceObserver((list) => {
  for (const { startTime, duration } of list.getEntries()) bench.tasks.push({ at: startTime, ms: duration });
}).observe({ type: 'longtask', buffered: true });
