/** The page's own scheme and host. Nothing else is ever loaded, and nobody else is listened to. */
export const scheme = 'app';
export const host = 'cache-inspector';
export const pageUrl = `${scheme}://${host}/index.html`;

/** Whether an address is one of the page's own. Its parts are compared: a prefix could be the start of another host. */
export const isOwn = (address: string): boolean => {
  const url = URL.parse(address);
  return url?.protocol === `${scheme}:` && url.host === host && url.username === '' && url.password === '';
};
