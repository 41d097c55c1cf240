/** Features that no page of ours uses. Writing to the clipboard is not among them: a place is copied by a click. */
const denied = [
  ...['accelerometer', 'autoplay', 'browsing-topics'],
  ...['camera', 'clipboard-read', 'compute-pressure', 'display-capture', 'encrypted-media', 'fullscreen', 'gamepad'],
  ...['geolocation', 'gyroscope', 'hid', 'identity-credentials-get', 'idle-detection', 'interest-cohort'],
  ...['keyboard-map', 'local-fonts', 'magnetometer', 'microphone', 'midi', 'otp-credentials', 'payment'],
  ...['picture-in-picture', 'publickey-credentials-create', 'publickey-credentials-get', 'screen-wake-lock', 'serial'],
  ...['storage-access', 'usb', 'window-management', 'xr-spatial-tracking'],
];

/** The names by which a browser may call this server. */
export const hostsOf = (port: number): readonly string[] => {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  // A browser leaves out the port that every http address has.
  return port === 80 ? [...hosts, '127.0.0.1', 'localhost'] : hosts;
};

/** What stands on every reply: the page may load its own files, talk to its own server, and nothing else. */
export const securityHeaders = (port: number): Readonly<Record<string, string>> => ({
  'Content-Security-Policy': [
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'",
    // Not every browser takes ws: for 'self'.
    ["connect-src 'self'", ...hostsOf(port).map((host) => `ws://${host}`)].join(' '),
    "worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': ['clipboard-write=(self)', ...denied.map((feature) => `${feature}=()`)].join(', '),
});
