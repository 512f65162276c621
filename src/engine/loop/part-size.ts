/** How many nodes without a past one plan takes. With more of them each costs more: they stay in memory for longer. */
const usual = 2500;
/** On a far line, where each part of a first sync waits for several round trips. */
const most = 10_000;
/** A round trip of so many milliseconds is one to another country. */
const farMs = 15;

/** `roundTrip`: milliseconds; 0 while nobody knows. */
export const partSize = (roundTrip: number): number => (roundTrip < farMs ? usual : most);
