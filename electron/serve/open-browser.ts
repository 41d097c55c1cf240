import { spawn } from 'node:child_process';

const opener = (): readonly [string, ...string[]] | null => {
  switch (process.platform) {
    case 'darwin':
      return ['open'];
    case 'win32':
      return ['rundll32', 'url.dll,FileProtocolHandler'];
    default:
      return process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'] ? ['xdg-open'] : null;
  }
};

/** Shows a URL in the person's browser, where there is one and a display. Never fails: the URL has been printed. */
export const openBrowser = (url: string): void => {
  const command = opener();
  if (command === null) return;
  const [program, ...args] = command;
  const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
};
