import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Loaded when there is a file to read: on most machines there is none. */
const sax = (): typeof import('sax') => require('sax');

/** One element of an XML file: the names down to it with `/` between, its attributes, and its own text. */
export interface XmlElement {
  readonly path: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Settings nest three deep; each level costs memory. */
const deepest = 50;

/**
 * The elements of a settings file in the order in which they end. What stands behind a mistake is left out, and
 * nothing outside of the text is ever read: entities of a DTD are not replaced. Never throws.
 */
export const xmlElements = (text: string): readonly XmlElement[] => {
  const found: XmlElement[] = [];
  const open: { path: string; attributes: Record<string, string>; text: string }[] = [];
  const parser = sax().parser(true, { position: false });
  let failed = false;
  const fail = (): void => {
    failed = true;
  };
  parser.onerror = fail;
  parser.onopentag = ({ name, attributes }) => {
    if (open.length >= deepest) fail();
    if (failed) return;
    const above = open.at(-1);
    const values = Object.entries(attributes).map(([key, value]) => [key, String(value)]);
    open.push({
      path: above === undefined ? name : `${above.path}/${name}`,
      attributes: Object.fromEntries(values),
      text: '',
    });
  };
  const add = (more: string): void => {
    const element = open.at(-1);
    if (element !== undefined && !failed) element.text += more;
  };
  parser.ontext = add;
  parser.oncdata = add;
  parser.onclosetag = () => {
    const element = failed ? undefined : open.pop();
    if (element !== undefined) found.push({ ...element, text: element.text.trim() });
  };
  try {
    parser.write(text.replace(/^\uFEFF/, '')).close();
  } catch {
    // After a mistake it throws at the next write; what was whole before counts.
  }
  return found;
};
