// A script of our own folder, fetched only when something near the reader needs it. (A module script could not be fetched by
// a page that was opened from disk.)

/** Resolves once the script has run. */
export function run(document, src) {
  return new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src });
    script.onload = () => resolve();
    script.onerror = () => reject(new Error(`${src} is missing beside the page's scripts`));
    document.head.append(script);
  });
}
