(function () {
  var root = document.documentElement;
  var tabs = [].slice.call(document.querySelectorAll(".pages a"));
  var panels = tabs.map(function (tab) { return document.getElementById(tab.hash.slice(1)); });
  var boxes = [].map.call(document.querySelectorAll("[role=region]"), function (box) {
    return { box: box, said: { tabindex: "0", role: "region", "aria-labelledby": box.getAttribute("aria-labelledby") } };
  });
  function fit() {
    boxes.forEach(function (one) {
      var box = one.box, over = box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1;
      Object.keys(one.said).forEach(function (name) {
        if (over) { box.setAttribute(name, one.said[name]); } else { box.removeAttribute(name); }
      });
    });
  }
  function show(at) {
    tabs.forEach(function (tab, i) {
      tab.setAttribute("aria-selected", String(i === at));
      tab.tabIndex = i === at ? 0 : -1;
      if (i === at) { panels[i].removeAttribute("hidden"); } else { panels[i].setAttribute("hidden", "until-found"); }
    });
    fit();
  }
  function follow() {
    var goal = /^#[a-z-]+$/.test(location.hash) && document.getElementById(location.hash.slice(1));
    var at = goal ? panels.findIndex(function (panel) { return panel.contains(goal); }) : -1;
    if (at < 0) { return false; }
    show(at);
    if (goal !== panels[at]) { goal.scrollIntoView(); }
    return true;
  }
  if (tabs.length > 1) {
    root.classList.add("tabbed");
    tabs[0].parentNode.setAttribute("role", "tablist");
    tabs.forEach(function (tab, i) {
      tab.id = "tab-" + panels[i].id;
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-controls", panels[i].id);
      panels[i].setAttribute("role", "tabpanel");
      panels[i].setAttribute("aria-labelledby", tab.id);
      panels[i].addEventListener("beforematch", function () { show(i); });
      tab.addEventListener("click", function (event) {
        event.preventDefault();
        show(i);
        history.replaceState(null, "", tab.hash);
      });
      tab.addEventListener("keydown", function (event) {
        var last = tabs.length - 1;
        var to = { ArrowRight: i < last ? i + 1 : 0, ArrowLeft: i ? i - 1 : last, Home: 0, End: last }[event.key];
        if (to === undefined) { return; }
        event.preventDefault();
        tabs[to].focus();
        tabs[to].click();
      });
    });
    if (!follow()) { show(0); }
    window.addEventListener("hashchange", follow);
  }
  fit();
  window.addEventListener("resize", fit);
})();
