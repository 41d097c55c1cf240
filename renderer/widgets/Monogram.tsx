import './Monogram.css';

/** Letters of our own, and which of eight calm colours an ecosystem has. */
const marks: Readonly<Record<string, readonly [letters: string, hue: number]>> = {
  npm: ['np', 0],
  pip: ['pi', 1],
  'pip-tools': ['pt', 1],
  uv: ['uv', 1],
  pnpm: ['pn', 0],
  'pnpm-metadata': ['pm', 0],
  yarn: ['ya', 0],
  cargo: ['ca', 2],
  gradle: ['gr', 3],
  huggingface: ['hf', 4],
  'pre-commit': ['pc', 1],
  folder: ['…', 7],
};

const fallbackHue = (tool: string): number => [...tool].reduce((sum, char) => sum + char.charCodeAt(0), 0) % 7;

/** Decoration beside a tool's name. */
export const Monogram = ({ tool }: { readonly tool: string }) => {
  const [letters, hue] = marks[tool] ?? [tool.replaceAll(/[^a-z]/gi, '').slice(0, 2), fallbackHue(tool)];
  return (
    <span className="monogram" data-hue={hue} aria-hidden="true">
      {letters}
    </span>
  );
};
