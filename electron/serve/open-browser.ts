import { spawn } from 'node:child_process';

/** Whether there is a screen on which something could be shown. */
export const hasDisplay = (platform: NodeJS.Platform, env: NodeJS.ProcessEnv): boolean =>
  platform === 'darwin' || platform === 'win32' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);

const opener = (): readonly [string, ...string[]] => {
  switch (process.platform) {
    case 'darwin':
      return ['open'];
    case 'win32':
      return ['rundll32', 'url.dll,FileProtocolHandler'];
    default:
      return ['xdg-open'];
  }
};

/** Shows a URL in the person's browser, where there is one and a display. Never fails: the URL has been printed. */
export const openBrowser = (url: string): void => {
  if (!hasDisplay(process.platform, process.env)) return;
  const [program, ...args] = opener();
  const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
};
