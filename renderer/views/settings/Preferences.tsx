import { Switch } from '@base-ui/react/switch';
import { formatBytes } from '../../../shared/format.ts';
import type { byteCounts, themes } from '../../../shared/model.ts';
import { useNow } from '../../state/connection.ts';
import { Choices } from './Choices.tsx';
import { Setting } from './Setting.tsx';
import { useCall } from './useCall.ts';
import { windowChoices, windowLabel, windowWords } from './windows.ts';

const example = 1_234_567_890;

const themeChoices: readonly { readonly value: (typeof themes)[number]; readonly label: string }[] = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];
const unitChoices: readonly { readonly value: (typeof byteCounts)[number]; readonly label: string }[] = [
  { value: 'platform', label: 'As this platform' },
  { value: 'decimal', label: 'kB, MB, GB' },
  { value: 'binary', label: 'KiB, MiB, GiB' },
];

/** How clearing works, and how this program looks. */
export const Preferences = () => {
  const settings = useNow((now) => now.settings);
  const platform = useNow((now) => now.platform);
  const undoWindow = useCall('settings');
  const oneClick = useCall('settings');
  const theme = useCall('settings');
  const units = useCall('settings');
  const asPlatform = platform === 'win32' ? 'binary' : 'decimal';
  const counted = settings.byteUnits === 'platform' ? asPlatform : settings.byteUnits;
  return (
    <>
      <section aria-labelledby="settings-clearing">
        <h2 id="settings-clearing">Clearing</h2>
        <Setting
          id="undo-window"
          title="Time for Undo"
          error={undoWindow.error}
          control={
            <Choices
              labelledBy="undo-window"
              describedBy="undo-window-words"
              value={settings.undoWindowMs}
              choices={windowChoices(settings.undoWindowMs).map((value) => ({ value, label: windowLabel(value) }))}
              onChange={(undoWindowMs) => void undoWindow.run({ undoWindowMs })}
            />
          }
        >
          {windowWords(settings.undoWindowMs)}
        </Setting>
        <Setting
          id="one-click"
          title="Clear with one click what is idle and can be had again"
          error={oneClick.error}
          control={
            <Switch.Root
              className="switch"
              aria-labelledby="one-click"
              aria-describedby="one-click-words"
              checked={settings.oneClick}
              onCheckedChange={(to) => void oneClick.run({ oneClick: to })}
            >
              <Switch.Thumb className="switch-thumb" />
            </Switch.Root>
          }
        >
          Nobody uses it, its tool downloads again what it needs, and Undo is possible: then it is set aside without a
          question. Everything else still asks.
        </Setting>
      </section>
      <section aria-labelledby="settings-looks">
        <h2 id="settings-looks">Looks</h2>
        <Setting
          id="theme"
          title="Colours"
          error={theme.error}
          control={
            <Choices
              labelledBy="theme"
              value={settings.theme}
              choices={themeChoices}
              onChange={(to) => void theme.run({ theme: to })}
            />
          }
        >
          High contrast and less motion follow the system.
        </Setting>
        <Setting
          id="byte-units"
          title="Bytes"
          error={units.error}
          control={
            <Choices
              labelledBy="byte-units"
              describedBy="byte-units-words"
              value={settings.byteUnits}
              choices={unitChoices}
              onChange={(byteUnits) => void units.run({ byteUnits })}
            />
          }
        >
          {counted === 'decimal' ? 'In powers of 1000' : 'In powers of 1024'}
          {settings.byteUnits === 'platform' && ', as the file manager of this platform does'}: 1,234,567,890 bytes are{' '}
          {formatBytes(example, counted)}.
        </Setting>
      </section>
    </>
  );
};
