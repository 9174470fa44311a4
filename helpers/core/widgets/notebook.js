// The store of questions.js that a kernel keeps: a model of anywidget. Put behind questions.js, it is a widget.

const EVENTS = ["item", "choice", "feedback", "verdict", "asks", "evidence", "score"].map((name) => `change:${name}`);

function kernelStore(model) {
  return {
    get: () => new Proxy({}, { get: (_, name) => model.get(name) }),
    commit(option) {
      model.set("choice", option);
      model.save_changes();
    },
    choose(name, value) {
      model.set(name, value);
      model.save_changes();
    },
    send: (what, more = {}) => model.send({ do: what, ...more }),
    watch(draw) {
      for (const event of EVENTS) model.on(event, draw);
      return () => EVENTS.forEach((event) => model.off(event, draw));
    },
    link: pageLink,
  };
}

// Lessons lie beside each other, so a lesson's address is that of the page shown, with another name.
function pageLink(target) {
  const here = window.location.pathname;
  if (/[^/]+\.ipynb$/.test(here)) return here.replace(/[^/]+\.ipynb$/, target);
  const config = document.getElementById("jupyter-config-data");
  const base = config ? JSON.parse(config.textContent).baseUrl : "/";
  return `${base}lab/tree/notebooks/${target}`;
}

// JupyterLab opens the page of such an address, and does not go to a heading of the page that is open: do that here.
function goToHeading(event) {
  const anchor = event.target.closest("a[href]");
  const name = anchor && decodeURIComponent(anchor.hash.slice(1));
  if (!name || anchor.pathname !== window.location.pathname) return;
  const heading = Array.from(document.querySelectorAll(".jp-Notebook [id], .jp-Notebook [data-jupyter-id]")).find(
    (one) => one.id === name || one.dataset.jupyterId === name,
  );
  if (!heading) return;
  event.preventDefault();
  heading.scrollIntoView();
}

function render({ model, el }) {
  el.addEventListener("click", goToHeading);
  const draw = model.get("filters") ? drawDeck : drawQuestion;
  const takeAway = draw({ el, store: kernelStore(model) });
  return () => {
    el.removeEventListener("click", goToHeading);
    takeAway();
  };
}

export default { render };
