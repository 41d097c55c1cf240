import { useEffect } from 'react';
import { desktop } from '../bridge/desktop.ts';
import { useConnection, useNow } from '../state/connection.ts';
import { useUi } from '../state/ui.ts';
import { Caches } from '../views/caches/Caches.tsx';
import { ClearSheet } from '../views/clearing/ClearSheet.tsx';
import { RestoreSheet } from '../views/clearing/RestoreSheet.tsx';
import { RunSheet } from '../views/clearing/RunSheet.tsx';
import { Contents } from '../views/contents/Contents.tsx';
import { History } from '../views/history/History.tsx';
import { Leftovers } from '../views/leftovers/Leftovers.tsx';
import { AddFolder } from '../views/settings/AddFolder.tsx';
import { Settings } from '../views/settings/Settings.tsx';
import { AllCommands } from './AllCommands.tsx';
import { Header } from './Header.tsx';
import { Keys } from './Keys.tsx';
import { Messages } from './Messages.tsx';
import { Sidebar } from './Sidebar.tsx';
import { useDrop } from './useDrop.ts';
import { useFrameCommands } from './useFrameCommands.ts';
import { useKeys } from './useKeys.ts';
import { useTheme } from './useTheme.ts';
import './Frame.css';

const View = () => {
  const place = useUi((ui) => ui.place);
  switch (place.view) {
    case 'caches':
      return <Caches />;
    case 'contents':
      return <Contents key={place.cache} cache={place.cache} tab={place.tab} />;
    case 'leftovers':
      return <Leftovers />;
    case 'history':
      return <History />;
    case 'settings':
      return <Settings />;
  }
};

const Dialogs = () => {
  const asking = useUi((ui) => ui.asking);
  const restoring = useUi((ui) => ui.restoring[0]);
  const running = useUi((ui) => ui.running);
  const dialog = useUi((ui) => ui.dialog);
  return (
    <>
      {asking && <ClearSheet asking={asking} />}
      {running && <RunSheet key={running} cache={running} />}
      {restoring && <RestoreSheet key={restoring.operation} restoring={restoring} />}
      {dialog === 'commands' && <AllCommands />}
      {dialog === 'keys' && <Keys />}
      {dialog === 'add-folder' && <AddFolder />}
      {dialog === 'protect-folder' && <AddFolder to="protect" />}
    </>
  );
};

/** The program: sidebar, one line above, the view, and what is told at the bottom. */
export const Frame = () => {
  useTheme();
  useKeys();
  useFrameCommands();
  useDrop();
  const lost = useConnection(({ status }) => status === 'lost');
  const notices = useNow((now) => now.notices);
  const view = useUi(({ place }) => place.view);
  useEffect(() => {
    if (desktop) document.documentElement.dataset['door'] = 'desktop';
  }, []);
  return (
    <div className="frame">
      <Sidebar />
      <div className="frame-main">
        <Header />
        {lost && (
          <p className="frame-notice" role="alert">
            The connection to Cache Inspector is lost, and what you see is as it was. Trying again… If it was stopped,
            start it again and open the address that it prints.
          </p>
        )}
        {notices.map(({ message }) => (
          <p key={message} className="frame-notice" role="status">
            {message}
          </p>
        ))}
        <main className="frame-view" data-view={view}>
          <View />
        </main>
        <Messages />
      </div>
      <Dialogs />
    </div>
  );
};
