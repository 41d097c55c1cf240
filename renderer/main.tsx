import { CSPProvider } from '@base-ui/react/csp-provider';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { listen } from './state/connection.ts';
import './style/tokens.css';
import './style/base.css';

listen();

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  // The page's policy allows no style elements; the widgets then do without those that they would add.
  <CSPProvider disableStyleElements>
    <App />
  </CSPProvider>,
);
