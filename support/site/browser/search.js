// The search of the site, without a server: the index is a script, which browsers load from a file too.
const form = document.querySelector('form[role=search]');
const input = form.querySelector('input');
const list = document.querySelector('#search-results');
const status = document.querySelector('#search-status');
const MAX_SHOWN = 40;
const MAX_TEXT = 180;
let loading;

/** Loads the index when somebody searches, and not before. */
function load() {
  loading ??= ['search-options.js', 'minisearch.js', 'search-index.js']
    .reduce((before, name) => before.then(() => script(name)), Promise.resolve())
    .then(() => MiniSearch.loadJSON(searchIndex, searchOptions));
  return loading;
}

function script(name) {
  return new Promise((resolve, reject) => {
    const element = document.createElement('script');
    element.src = form.dataset.assets + name;
    element.onload = resolve;
    element.onerror = () => reject(new Error(`${name} did not load`));
    document.head.append(element);
  });
}

function show(found, query) {
  const count = found.length > MAX_SHOWN ? `the first ${MAX_SHOWN} of ${found.length}` : String(found.length);
  status.textContent =
    query === '' ? '' : `${count} ${found.length === 1 ? 'place' : 'places'} for “${query}”`;
  list.replaceChildren(...found.slice(0, MAX_SHOWN).map((one) => entry(one)));
}

function entry({ title, href, kind, text, terms }) {
  const item = document.createElement('li');
  const link = document.createElement('a');
  link.href = form.dataset.root + href;
  link.append(...marked(title, terms));
  const about = document.createElement('p');
  about.append(...marked(excerpt(text, terms), terms));
  const of = document.createElement('span');
  of.className = 'kind';
  of.textContent = kind;
  item.append(of, link, about);
  return item;
}

/** The part of a text that begins a little before the first word that was found; no word is cut. */
function excerpt(text, terms) {
  const at = text.toLowerCase().search(pattern(terms));
  const from = at < 60 ? 0 : text.indexOf(' ', at - 50) + 1;
  const rest = text.slice(from);
  const end = rest.length <= MAX_TEXT ? rest.length : rest.lastIndexOf(' ', MAX_TEXT);
  return `${from > 0 ? '… ' : ''}${rest.slice(0, end)}${end < rest.length ? ' …' : ''}`;
}

/** Terms need no escape: `tokenize` leaves letters, digits and hyphens. */
function pattern(terms) {
  return new RegExp(`(${terms.join('|')})`, 'iu');
}

function marked(text, terms) {
  return text.split(pattern(terms)).map((part, at) => {
    if (at % 2 === 0) return part;
    const mark = document.createElement('mark');
    mark.textContent = part;
    return mark;
  });
}

async function search() {
  const query = input.value.trim();
  try {
    const index = await load();
    // Whoever types on has asked for something else by now.
    if (query === input.value.trim()) show(query === '' ? [] : index.search(query), query);
  } catch (error) {
    status.textContent = `The search does not work: ${error.message}`;
  }
}

if (list) {
  input.value = new URLSearchParams(location.search).get('q') ?? '';
  input.addEventListener('input', search);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    history.replaceState(undefined, '', `?q=${encodeURIComponent(input.value)}`);
    search();
  });
  if (input.value !== '') search();
}

document.addEventListener('keydown', (event) => {
  if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  input.focus();
  input.select();
});
