import { Frame } from './frame/Frame.tsx';
import { Starting } from './frame/Starting.tsx';
import { useConnection } from './state/connection.ts';

export const App = () => (useConnection(({ now }) => now !== null) ? <Frame /> : <Starting />);
