import { attempt, copy } from '../../state/actions.ts';

const name = 'cache-inspector-history.json';

const download = (text: string): void => {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads it after the click; a minute is plenty, and a page that closes lets go of it anyway.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
};

/** All of the history as a file; where files cannot be saved, on the clipboard. */
export const exportHistory = async (): Promise<void> => {
  const answer = await attempt('history', {});
  if (answer === null) return;
  const text = JSON.stringify(answer.operations, null, 2);
  try {
    download(text);
  } catch {
    await copy(text, 'The history');
  }
};
