import { app } from 'electron';
import { version } from '../core/inspector.ts';
import { appName } from './identity.ts';

/** What the system's about panel says. */
export const setupAbout = (): void =>
  app.setAboutPanelOptions({
    applicationName: appName,
    applicationVersion: version,
    copyright: 'MIT License',
    credits: `Electron ${process.versions['electron'] ?? ''}, Node ${process.versions.node}`,
  });
