import DefaultTheme from 'vitepress/theme-without-fonts'
import DumpExplainer from './explain/DumpExplainer.vue'
import './style.css'
import './dump.css'

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component('DumpExplainer', DumpExplainer)
  },
}
