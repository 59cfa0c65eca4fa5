/** The one style sheet: phone first, light and dark, nothing from elsewhere. */
export const STYLE = `
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --add: #2da44e33; --del: #cf222e33; }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; }
header { padding: .6rem 1rem; border-bottom: 1px solid var(--line); }
header a { margin-right: 1rem; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.4rem; margin: .2rem 0 1rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 1.6rem 0 .5rem; }
ul.rows { list-style: none; padding: 0; margin: 0; }
ul.rows > li { padding: .5rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
.badge { display: inline-block; padding: 0 .5rem; margin-right: .3rem; border: 1px solid var(--line); border-radius: 1rem; font-size: .85rem; }
.success, .open { border-color: #2da44e; } .failure, .error, .closed { border-color: #cf222e; }
.pending { border-color: #bf8700; } .merged { border-color: #8250df; }
article { border: 1px solid var(--line); border-radius: .4rem; margin: .6rem 0; }
article > p { margin: 0; padding: .3rem .6rem; background: var(--soft); font-size: .9rem; }
article pre, .text { margin: 0; padding: .6rem; white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; }
.diff { overflow-x: auto; font: 13px/1.4 ui-monospace, monospace; }
.diff div { white-space: pre; padding: 0 .6rem; } .diff .add { background: var(--add); } .diff .del { background: var(--del); } .diff .at { opacity: .6; }
input:not([type]) { width: 100%; } form button { justify-self: start; }
form { display: grid; gap: .5rem; margin: 1rem 0; } form.inline { display: inline; }
details { margin: .6rem 0; } summary { cursor: pointer; padding: .3rem 0; }
textarea, select, input, button { font: inherit; padding: .5rem; max-width: 100%; }
.soft { opacity: .7; font-size: .9rem; }
`;
