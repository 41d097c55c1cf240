import { createHash } from 'node:crypto';
import { type LocalServer, startServer } from './http-server.ts';
import { environmentWithout } from './run.ts';

const commit = 'ab12'.repeat(10);
const files: Readonly<Record<string, string>> = {
  'config.json': '{"model_type": "small"}\n',
  'deep/er/model.bin': 'x'.repeat(2000),
};

/** A model hub on the loopback address with one model of two files, as huggingface_hub asks for it. */
export const startHub = (): Promise<LocalServer> =>
  startServer(({ url = '' }) => {
    const name = /^\/near\/small\/resolve\/(?:main|[0-9a-f]{40})\/(.+?)(?:\?.*)?$/.exec(url)?.[1];
    const body = name === undefined ? undefined : files[decodeURIComponent(name)];
    if (body === undefined) return null;
    const etag = `"${createHash('sha256').update(body).digest('hex')}"`;
    return { headers: { etag, 'x-repo-commit': commit, 'accept-ranges': 'bytes' }, body };
  });

/** Python that downloads the model's files. */
export const download = `from huggingface_hub import hf_hub_download
for name in ${JSON.stringify(Object.keys(files))}: hf_hub_download("near/small", name)
`;

/** Its surroundings, with none of this machine's settings. */
export const hubEnv = (home: string, library: string, endpoint: string): Readonly<Record<string, string>> =>
  environmentWithout(/^(HF_|HUGGINGFACE_|XDG_|PYTHON)|proxy/i, {
    HOME: home,
    PYTHONPATH: library,
    HF_ENDPOINT: endpoint,
    HF_HUB_DISABLE_TELEMETRY: '1',
    HF_HUB_DISABLE_XET: '1',
  });
