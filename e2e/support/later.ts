// Nobody can give a file the time of its last change (ctime), and verdicts wait for minutes and hours: here the
// program's own clock is ahead instead. Nothing else of it is changed.

const aheadMs = 3 * 86_400_000;
const script = `const now = Date.now; Date.now = () => now() + ${aheadMs};`;

/** The environment in which the program thinks that it is three days later. */
export const later: Readonly<Record<string, string>> = {
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(script)}`,
};
