// Makes the page interactive: search, schemas, examples of refusals, requests, copying as curl.
// The API key lives in this variable and nowhere else: no storage, no cookie, no address.
'use strict';
(() => {
  let apiKey = '';
  const make = (name, properties = {}, ...children) => {
    const { data = {}, ...own } = properties;
    const element = Object.assign(document.createElement(name), own);
    Object.assign(element.dataset, data);
    element.append(...children);
    return element;
  };
  const field = (text, input) => make('div', {}, make('label', { htmlFor: input.id, textContent: text }), input);
  const block = (text) => {
    const pre = make('pre', {}, make('code', { textContent: text }));
    pre.tabIndex = 0;
    return pre;
  };
  const lazily = (title, fill) => {
    const details = make('details', {}, make('summary', { textContent: title }));
    details.addEventListener('toggle', () => details.append(...fill()), { once: true });
    return details;
  };
  const copy = (button, text) => {
    const told = button.textContent;
    const tell = (what) => {
      button.textContent = what;
      setTimeout(() => { button.textContent = told; }, 1500);
    };
    if (navigator.clipboard) {
      navigator.clipboard.writeText(text()).then(() => tell('Copied'), () => tell('Not allowed'));
    } else {
      tell('Not possible here');
    }
  };

  function tools() {
    const key = make('input', { id: 'key', type: 'password', autocomplete: 'off', spellcheck: false, placeholder: 'dm_live_…' });
    key.addEventListener('input', () => { apiKey = key.value.trim(); });
    const search = make('input', { id: 'search', type: 'search', placeholder: 'Search ( / )' });
    search.addEventListener('input', () => {
      const words = search.value.toLowerCase().split(/\s+/);
      for (const group of document.querySelectorAll('nav .group')) {
        const entries = [...group.querySelectorAll('li')];
        for (const entry of entries) {
          const text = `${entry.textContent} ${entry.dataset.path}`.toLowerCase();
          entry.hidden = !words.every((word) => text.includes(word));
        }
        group.hidden = entries.every((entry) => entry.hidden);
      }
    });
    document.addEventListener('keydown', (event) => {
      if (event.key === '/' && !/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) {
        event.preventDefault();
        search.focus();
      }
    });
    search.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') document.querySelector('nav .group:not([hidden]) li:not([hidden]) a')?.click();
    });
    const theme = make('button', { type: 'button', textContent: 'Light or dark' });
    theme.addEventListener('click', () => {
      const root = document.documentElement;
      const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
      root.dataset.theme = dark ? 'light' : 'dark';
    });
    const note = make('p', { className: 'note', textContent: 'For the requests that you send from here. Kept in this page only, until you leave it.' });
    document.getElementById('tools').append(field('API key', key), note);
    document.getElementById('finder').append(field('Search operations', search));
    document.getElementById('look').append(theme);
  }

  // Marks the operation that is being read in the list at the side.
  function follow() {
    const links = new Map([...document.querySelectorAll('nav li a')].map((link) => [link.hash.slice(1), link]));
    const seen = new Set();
    const watch = new IntersectionObserver((changes) => {
      for (const { target, isIntersecting } of changes) isIntersecting ? seen.add(target.id) : seen.delete(target.id);
      const first = [...links.keys()].find((id) => seen.has(id));
      for (const [id, link] of links) {
        if (id !== first) link.removeAttribute('aria-current');
        else if (!link.hasAttribute('aria-current')) {
          link.setAttribute('aria-current', 'true');
          const side = link.closest('.side');
          const at = link.getBoundingClientRect().top - side.getBoundingClientRect().top;
          if (at < 40 || at > side.clientHeight - 60) side.scrollTop += at - side.clientHeight / 2;
        }
      }
    }, { rootMargin: '-80px 0px -60% 0px' });
    for (const article of document.querySelectorAll('article')) watch.observe(article);
  }

  // The schema with what it refers to in its place, as far as it does not refer to itself.
  function resolved(api, schema, above = []) {
    if (Array.isArray(schema)) return schema.map((item) => resolved(api, item, above));
    if (schema === null || typeof schema !== 'object') return schema;
    if (typeof schema.$ref === 'string') {
      if (above.includes(schema.$ref)) return schema;
      return resolved(api, target(api, schema.$ref), [...above, schema.$ref]);
    }
    const members = Object.entries(schema).filter(([name]) => name !== 'example');
    return Object.fromEntries(members.map(([name, value]) => [name, resolved(api, value, above)]));
  }
  const target = (api, reference) => reference.slice(2).split('/').reduce((value, name) => value[name], api);

  function more(api, operation) {
    const found = [];
    const schema = (title, content) => content && content.schema &&
      found.push(lazily(title, () => [block(JSON.stringify(resolved(api, content.schema), null, 2))]));
    for (const [media, content] of Object.entries(operation.requestBody?.content ?? {})) schema(`Schema of the body, ${media}`, content);
    for (const [status, response] of Object.entries(operation.responses)) {
      if (status < '400') schema(`Schema of ${status}`, response.content?.['application/json']);
    }
    const refusals = Object.entries(operation.responses).filter(([status]) => status >= '400');
    found.push(lazily('Examples of refusals', () => refusals.flatMap(([status, response]) => {
      const examples = Object.entries(response.content?.['application/problem+json']?.examples ?? {});
      return examples.map(([code, example]) => lazily(`${status} ${code}`, () => {
        const shown = example.$ref ? target(api, example.$ref) : example;
        return [block(JSON.stringify(shown.value, null, 2))];
      }));
    })));
    return found;
  }

  // A form for a request, and what it says as a request.
  function form(operation, method, path) {
    const id = operation.operationId;
    const inputs = (operation.parameters ?? []).map((parameter) => {
      const input = make('input', { id: `${id}-${parameter.name}`, spellcheck: false });
      return { parameter, input, element: field(`${parameter.name} (${parameter.in})`, input) };
    });
    const contents = operation.requestBody?.content ?? {};
    const json = contents['application/json'];
    const parts = contents['multipart/form-data'];
    const elements = inputs.map(({ element }) => element);
    let body;
    const files = [];
    if (json) {
      body = make('textarea', { id: `${id}-body`, spellcheck: false, value: JSON.stringify(json.example ?? {}, null, 2) });
      elements.push(field('Body', body));
    }
    if (parts) {
      for (const [name, value] of Object.entries(parts.example ?? {})) {
        const many = Array.isArray(value);
        const isFile = many || String(value).startsWith('@');
        const input = make('input', { id: `${id}-${name}`, type: isFile ? 'file' : 'text', multiple: many });
        if (!isFile) input.value = value;
        files.push({ name, input, isFile, value });
        elements.push(field(name, input));
      }
    }
    const request = () => {
      const headers = {};
      let address = path;
      const query = new URLSearchParams();
      for (const { parameter, input } of inputs) {
        if (!input.value) continue;
        if (parameter.in === 'path') address = address.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
        else if (parameter.in === 'query') query.set(parameter.name, input.value);
        else headers[parameter.name] = input.value;
      }
      if (query.size) address += `?${query}`;
      if (operation.security && apiKey) headers['X-API-Key'] = apiKey;
      let content;
      if (body && body.value.trim()) {
        headers['Content-Type'] = 'application/json';
        content = body.value;
      } else if (parts) {
        content = new FormData();
        for (const { name, input, isFile } of files) {
          if (isFile) for (const file of input.files) content.append(name, file);
          else if (input.value) content.append(name, input.value);
        }
      }
      return { address, options: { method: method.toUpperCase(), headers, body: content, credentials: 'same-origin' } };
    };
    const quoted = (text) => `'${String(text).replaceAll("'", "'\\''")}'`;
    const curl = () => {
      const { address, options } = request();
      const words = ['curl', '-sS', '-X', options.method, quoted(location.origin + address)];
      if (operation.security) words.push('-H', '"X-API-Key: $PARSEFLOW_API_KEY"');
      for (const [name, value] of Object.entries(options.headers)) {
        if (name !== 'X-API-Key') words.push('-H', quoted(`${name}: ${value}`));
      }
      if (typeof options.body === 'string') words.push('--data-raw', quoted(options.body));
      for (const { name, input, isFile, value } of files) {
        const names = isFile ? [...input.files].map((file) => `@${file.name}`) : [input.value];
        for (const part of names.length ? names : [].concat(value)) words.push('-F', quoted(`${name}=${part}`));
      }
      return words.join(' ');
    };
    return { elements, request, curl };
  }

  function tryIt(operation, method, path) {
    const { elements, request, curl } = form(operation, method, path);
    const answer = make('div');
    answer.setAttribute('aria-live', 'polite');
    const send = make('button', { type: 'submit', textContent: 'Send' });
    const copying = make('button', { type: 'button', textContent: 'Copy as curl' });
    copying.addEventListener('click', () => copy(copying, curl));
    const whole = make('form', {}, ...elements, send, copying);
    whole.addEventListener('submit', async (event) => {
      event.preventDefault();
      const { address, options } = request();
      send.disabled = true;
      answer.replaceChildren(make('p', { textContent: 'Sent…' }));
      try {
        const response = await fetch(address, options);
        const text = await response.text();
        const type = response.headers.get('content-type') ?? '';
        let shown = text;
        if (type.includes('json')) {
          try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch { shown = text; }
        }
        const id = response.headers.get('x-request-id');
        answer.replaceChildren(make('p', { textContent: `${response.status} ${response.statusText} · ${id ?? ''}` }), block(shown));
      } catch (error) {
        answer.replaceChildren(make('p', { textContent: `No answer: ${error.message}` }));
      } finally {
        send.disabled = false;
      }
    });
    return [whole, answer];
  }

  async function begin() {
    tools();
    follow();
    const api = await (await fetch('/openapi.json')).json();
    for (const [path, item] of Object.entries(api.paths)) {
      for (const [method, operation] of Object.entries(item)) {
        const article = document.getElementById(operation.operationId);
        if (!article) continue;
        const trying = lazily('Try it', () => tryIt(operation, method, path));
        trying.className = 'try';
        article.append(...more(api, operation), trying);
      }
    }
    document.documentElement.dataset.ready = 'true';
  }
  begin();
})();
