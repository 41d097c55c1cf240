import { About } from './About.tsx';
import { Folders } from './Folders.tsx';
import { Preferences } from './Preferences.tsx';
import './Settings.css';

/** What a person may set, the folders that they named, and what this program is. */
export const Settings = () => (
  <>
    <header className="view-head">
      <h1>Settings</h1>
    </header>
    <div className="view-scroll">
      <div className="settings">
        <Preferences />
        <Folders />
        <About />
      </div>
    </div>
  </>
);
