/** Turns the positions that several tries of an exchange reach into progress: tells only of bytes beyond the furthest so far. */
export function toldOnce(tell: (bytes: number) => void): (position: number) => void {
  let furthest = 0;
  return (position) => {
    if (position <= furthest) return;
    tell(position - furthest);
    furthest = position;
  };
}
