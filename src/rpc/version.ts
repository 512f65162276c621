/**
 * Version of the UI contract. A client and a daemon of different versions do not talk; any change of the schemas needs
 * a new number (a test keeps their fingerprint).
 */
export const rpcVersion = 25;
