/** What stands for itself. */
const layers = '[role=dialog], [role=alertdialog], [role=menu], [role=status]';
const reachable = 'a[href], :enabled:is(button, input, select, textarea), summary, [tabindex="0"]';

/** Where the focus was: the element and all that it was in, each with its place among its neighbours. */
interface Place {
  readonly layer: Element | null;
  readonly main: Element | null;
  readonly way: readonly { readonly element: Element; readonly at: number }[];
}

/**
 * Whoever has no mouse is where the focus is. When that vanishes (an issue is dealt with, “Pause” became “Resume”), a browser puts
 * them back to the top of the page. With this they go on beside it, or at the beginning of another screen.
 */
export function keepFocus(): void {
  /** The latest of each layer, the newest last. */
  let places: readonly Place[] = [];
  let isAwaited = false;

  document.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof Element)) return;
    const place = placeOf(target);
    places = [...places.filter(({ layer }) => layer !== place.layer && layer?.isConnected !== false), place];
  });
  document.addEventListener('focusout', ({ target, relatedTarget }) => {
    // A click beside everything: nothing is lost. What is taken away is gone before this is asked.
    queueMicrotask(() => {
      if (relatedTarget === null && target instanceof Element && target.isConnected && document.hasFocus()) places = [];
    });
  });
  const isLost = (): boolean =>
    (document.activeElement ?? document.body) === document.body && places.at(-1)?.way[0]?.element.isConnected === false;
  const goOn = (): void => {
    isAwaited = false;
    if (!isLost()) return;
    const found = places.map(besideOf).findLast((element) => element !== null);
    // For whoever used a mouse, nothing may move.
    found?.focus({ preventScroll: true });
  };
  new MutationObserver(() => {
    if (isAwaited || !isLost()) return;
    isAwaited = true;
    // A dialog that closes and a step that begins have a mind of their own about it.
    setTimeout(goOn);
  }).observe(document.body, { childList: true, subtree: true });
}

function placeOf(target: Element): Place {
  const way: { element: Element; at: number }[] = [];
  for (let element: Element | null = target; element !== null; element = element.parentElement) {
    way.push({ element, at: [...(element.parentElement?.children ?? [])].indexOf(element) });
  }
  return { layer: target.closest(layers), main: target.closest('main'), way };
}

/** What is nearest to a place in its layer; null if nothing of that is there any more. */
function besideOf({ layer, main, way }: Place): HTMLElement | null {
  if (layer?.isConnected === false) return null;
  // Another screen is read from its beginning.
  if (main?.isConnected === false) return document.querySelector('main');
  const left = way.findIndex(({ element }) => element.isConnected);
  if (left === 0) return way[0]?.element as HTMLElement;
  for (let step = left; step < way.length; step++) {
    const element = way[step]?.element as HTMLElement;
    const next = element.children[way[step - 1]?.at ?? 0];
    const all = [...element.querySelectorAll<HTMLElement>(reachable)].filter((each) => each.checkVisibility());
    const found = all.find((each) => next === each || isBehind(next, each)) ?? all.at(-1);
    if (found !== undefined) return found;
    // The message at the foot of the window is beside nothing.
    if (element === layer) return element.role === 'status' ? null : element;
    if (element === main) return main as HTMLElement;
  }
  return null;
}

const isBehind = (one: Element | undefined, other: Element): boolean =>
  one !== undefined && (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
