(function () {
  var root = document.documentElement, zh = document.getElementById("lang-zh"), en = document.getElementById("lang-en");
  function told() { root.lang = zh.checked ? "zh-CN" : "en"; }
  var wish = /^#(zh|en)$/.exec(location.hash);
  (wish ? wish[1] === "zh" : /^zh/i.test(navigator.language)) ? zh.checked = true : en.checked = true;
  zh.addEventListener("change", told);
  en.addEventListener("change", told);
  told();
})();
