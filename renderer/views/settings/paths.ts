/** What a person typed as a whole path; null when it is none. `~` is their home. */
export const absolutePath = (typed: string, home: string): string | null => {
  const text = typed.trim();
  const whole = /^~(?=$|[/\\])/.test(text) && home !== '' ? home + text.slice(1) : text;
  return /^(?:\/|[a-z]:[\\/]|\\\\)/i.test(whole) ? whole : null;
};
