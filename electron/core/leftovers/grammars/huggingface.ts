import type { Raw } from '../../fs/raw.ts';
import { hours, inside, nameOf, parentOf, type Seen, safe, type ToolGrammar, uuid } from './tool-grammar.ts';

const repository = /^(?:models|datasets|spaces)--/;

/** `<cache>/.locks/<repository>/<etag>.lock`, beside the repositories. */
const lockOf = ({ dir, base, parts }: Seen): readonly Raw[] => [
  inside(base, '.locks', nameOf(parentOf(dir)), `${parts['etag']}.lock`),
];

const common = { tool: 'huggingface', kinds: ['file'], quietMs: hours(1), remedy: null } as const;

/**
 * huggingface_hub (file_download.py): downloads by the name of their content. Its comments say that such locks do not
 * hold on some network file systems, where this program asks in any case.
 */
export const hubIncomplete: ToolGrammar = {
  ...common,
  id: 'huggingface-incomplete',
  what: 'A download from the Hugging Face hub that was not finished',
  pattern: /^(?<etag>[0-9a-f]{40}|[0-9a-f]{64})(?:\.[0-9a-f]{8})?\.incomplete$/,
  spots: [{ from: 'cache', tools: ['huggingface'], steps: [repository, /^blobs$/] }],
  locks: lockOf,
  judge: safe('without it the next download begins anew instead of where this one ended'),
};

export const hubRef: ToolGrammar = {
  ...common,
  id: 'huggingface-ref',
  what: 'A reference that was not finished',
  pattern: /^.+\.[0-9a-f]{8}\.tmp$/s,
  spots: [{ from: 'cache', tools: ['huggingface'], steps: [repository, /^refs$/], deeper: 3 }],
  judge: safe('it is renamed when it is whole, and never looked for again'),
};

/** An empty file that is made to see which rights a new one gets. */
export const hubProbe: ToolGrammar = {
  ...common,
  id: 'huggingface-probe',
  what: 'An empty file that the hub’s library made to try what rights files get',
  pattern: new RegExp(`^tmp_${uuid}$`),
  spots: [{ from: 'cache', tools: ['huggingface'], steps: [repository] }],
  judge: ({ facts }) =>
    facts.size === 0
      ? { cleaning: 'safe', why: ['it is empty'] }
      : { cleaning: 'ask', why: ['it is not empty, as such a file would be'] },
};
