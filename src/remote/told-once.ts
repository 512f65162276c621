/** From where each try of an exchange has come to, how much that is more than any try before it had. */
export function toldOnce(tell: (bytes: number) => void): (position: number) => void {
  let furthest = 0;
  return (position) => {
    if (position <= furthest) return;
    tell(position - furthest);
    furthest = position;
  };
}
