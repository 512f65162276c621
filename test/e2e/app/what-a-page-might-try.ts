/** Run in the window: each thing that a page must not get, with what came of it. A text, since the tests know no DOM. */
export const whatAPageMightTry = `(async () => {
  // In a task of its own: what a debugger runs is let more than a page is.
  const task = () => new Promise((resolve) => setTimeout(resolve));
  const outcome = (work) => task().then(work).then(() => 'let through', () => 'refused');
  const added = (tag, source) => outcome(() => new Promise((resolve, reject) => {
    const element = document.createElement(tag);
    element.onload = resolve;
    element.onerror = reject;
    element.src = source;
    document.body.append(element);
  }));
  return {
    network: await outcome(() => fetch('https://example.org/')),
    disk: await outcome(() => fetch('file:///etc/passwd')),
    code: await outcome(() => new Function('return 1')()),
    image: await added('img', 'https://example.org/x.png'),
    camera: await outcome(() => navigator.mediaDevices.getUserMedia({ video: true })),
    place: (await navigator.permissions.query({ name: 'geolocation' })).state,
    popup: window.open('https://example.org/') === null ? 'refused' : 'let through',
    inline: await outcome(() => document.body.insertAdjacentHTML('beforeend', '<b onclick="alert(1)">x</b>')),
  };
})()`;
