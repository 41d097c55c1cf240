import { useEffect, useState } from 'react';
import type { ApiError } from '../../../shared/errors.ts';
import type { CacheId, ViewId } from '../../../shared/ids.ts';
import type { groupings, Progress } from '../../../shared/model.ts';
import { client, useConnection, useNow } from '../../state/connection.ts';
import { NodeTree } from './tree.ts';
import { type Marks, search } from './tree-rows.ts';

const sliceNodes = 5_000;

export interface LoadedTree {
  readonly tree: NodeTree;
  /** What core knows it by. */
  readonly view: ViewId;
}

interface State {
  readonly loaded: LoadedTree | null;
  readonly error: ApiError | null;
  readonly loading: boolean;
}

/** How far the walk of a tree has come, as long as one is being walked. */
export interface TreeState extends State {
  readonly progress: Progress | null;
}

const load = async (view: ViewId, nodes: number, stopped: () => boolean): Promise<NodeTree | ApiError | null> => {
  const tree = new NodeTree(nodes);
  while (tree.length < nodes) {
    const slice = await client.call('treeNodes', { view, from: tree.length, count: sliceNodes });
    if (stopped()) return null;
    if (!slice.ok) return slice.error;
    if (slice.value.names.length === 0) break;
    tree.append(slice.value);
  }
  return tree.finish();
};

/**
 * A cache as a tree, once it is `wanted`, and anew with another key; the old one stays until then. Core holds a tree of
 * folders open as long as this stands, so that a node can be shown in the file manager.
 */
export const useTree = (cache: CacheId, by: (typeof groupings)[number], wanted: boolean, key: string): TreeState => {
  const [state, setState] = useState<State>({ loaded: null, error: null, loading: false });
  const ready = useConnection(({ status }) => status === 'ready');
  const walking = useNow((now) => now.walking.get(cache) ?? null);
  const [before, setBefore] = useState<Progress | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: with another key other things stand there.
  useEffect(() => {
    if (!wanted || !ready) return;
    let over = false;
    let held: ViewId | null = null;
    const letGo = (): void => {
      if (held !== null) void client.call('closeView', { view: held });
      held = null;
    };
    const open = async (again: boolean): Promise<void> => {
      setBefore(useConnection.getState().now?.walking.get(cache) ?? null);
      setState(({ loaded }) => ({ loaded, error: null, loading: true }));
      const opened = await client.call('openTree', { cache, by });
      if (opened.ok) held = opened.value.view;
      if (over) return letGo();
      const tree = opened.ok ? await load(opened.value.view, opened.value.nodes, () => over) : opened.error;
      if (over || tree === null) return;
      if (tree instanceof NodeTree && opened.ok) {
        setState({ loaded: { tree, view: opened.value.view }, error: null, loading: false });
        if (by === 'entry') letGo();
      } else if (!(tree instanceof NodeTree)) {
        letGo();
        if (tree.code === 'view-expired' && again) return open(false);
        if (tree.code !== 'disconnected') setState({ loaded: null, error: tree, loading: false });
      }
    };
    void open(true);
    return () => {
      over = true;
      letGo();
    };
  }, [cache, by, wanted, ready, key]);
  return { ...state, progress: state.loading && walking !== before ? walking : null };
};

/** What a search says of the nodes of a tree; null without words. Works in steps that nobody notices. */
export const useMarks = (tree: NodeTree | null, words: string): Marks | null => {
  const [found, setFound] = useState<{ readonly tree: NodeTree; readonly marks: Marks | null } | null>(null);
  useEffect(() => {
    if (tree === null) return;
    if (words === '') {
      setFound({ tree, marks: null });
      return;
    }
    const steps = search(tree, words);
    let timer: ReturnType<typeof setTimeout>;
    const go = (): void => {
      const step = steps.next();
      if (step.done) setFound({ tree, marks: step.value });
      else timer = setTimeout(go);
    };
    timer = setTimeout(go);
    return () => clearTimeout(timer);
  }, [tree, words]);
  // Marks of another tree say nothing of this one.
  return found !== null && found.tree === tree ? found.marks : null;
};
