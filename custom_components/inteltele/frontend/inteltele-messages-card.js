// Made by scripts/card from frontend/; the sources' fingerprint is 46f39cec4e0b51090d37ff089bc79ddc809ae53ca100ebe12149acadd97c1384.
var B=globalThis,j=B.ShadowRoot&&(B.ShadyCSS===void 0||B.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,_e=Symbol(),Fe=new WeakMap,O=class{constructor(e,t,r){if(this._$cssResult$=!0,r!==_e)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=e,this.t=t}get styleSheet(){let e=this.o,t=this.t;if(j&&e===void 0){let r=t!==void 0&&t.length===1;r&&(e=Fe.get(t)),e===void 0&&((this.o=e=new CSSStyleSheet).replaceSync(this.cssText),r&&Fe.set(t,e))}return e}toString(){return this.cssText}},Be=s=>new O(typeof s=="string"?s:s+"",void 0,_e),b=(s,...e)=>{let t=s.length===1?s[0]:e.reduce((r,i,n)=>r+(o=>{if(o._$cssResult$===!0)return o.cssText;if(typeof o=="number")return o;throw Error("Value passed to 'css' function must be a 'css' function result: "+o+". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.")})(i)+s[n+1],s[0]);return new O(t,s,_e)},je=(s,e)=>{if(j)s.adoptedStyleSheets=e.map(t=>t instanceof CSSStyleSheet?t:t.styleSheet);else for(let t of e){let r=document.createElement("style"),i=B.litNonce;i!==void 0&&r.setAttribute("nonce",i),r.textContent=t.cssText,s.appendChild(r)}},ve=j?s=>s:s=>s instanceof CSSStyleSheet?(e=>{let t="";for(let r of e.cssRules)t+=r.cssText;return Be(t)})(s):s;var{is:Tt,defineProperty:Rt,getOwnPropertyDescriptor:Ht,getOwnPropertyNames:Mt,getOwnPropertySymbols:Lt,getPrototypeOf:Pt}=Object,W=globalThis,We=W.trustedTypes,Nt=We?We.emptyScript:"",Ut=W.reactiveElementPolyfillSupport,z=(s,e)=>s,be={toAttribute(s,e){switch(e){case Boolean:s=s?Nt:null;break;case Object:case Array:s=s==null?s:JSON.stringify(s)}return s},fromAttribute(s,e){let t=s;switch(e){case Boolean:t=s!==null;break;case Number:t=s===null?null:Number(s);break;case Object:case Array:try{t=JSON.parse(s)}catch{t=null}}return t}},Ye=(s,e)=>!Tt(s,e),Ze={attribute:!0,type:String,converter:be,reflect:!1,useDefault:!1,hasChanged:Ye};Symbol.metadata??=Symbol("metadata"),W.litPropertyMetadata??=new WeakMap;var x=class extends HTMLElement{static addInitializer(e){this._$Ei(),(this.l??=[]).push(e)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(e,t=Ze){if(t.state&&(t.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(e)&&((t=Object.create(t)).wrapped=!0),this.elementProperties.set(e,t),!t.noAccessor){let r=Symbol(),i=this.getPropertyDescriptor(e,r,t);i!==void 0&&Rt(this.prototype,e,i)}}static getPropertyDescriptor(e,t,r){let{get:i,set:n}=Ht(this.prototype,e)??{get(){return this[t]},set(o){this[t]=o}};return{get:i,set(o){let d=i?.call(this);n?.call(this,o),this.requestUpdate(e,d,r)},configurable:!0,enumerable:!0}}static getPropertyOptions(e){return this.elementProperties.get(e)??Ze}static _$Ei(){if(this.hasOwnProperty(z("elementProperties")))return;let e=Pt(this);e.finalize(),e.l!==void 0&&(this.l=[...e.l]),this.elementProperties=new Map(e.elementProperties)}static finalize(){if(this.hasOwnProperty(z("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(z("properties"))){let t=this.properties,r=[...Mt(t),...Lt(t)];for(let i of r)this.createProperty(i,t[i])}let e=this[Symbol.metadata];if(e!==null){let t=litPropertyMetadata.get(e);if(t!==void 0)for(let[r,i]of t)this.elementProperties.set(r,i)}this._$Eh=new Map;for(let[t,r]of this.elementProperties){let i=this._$Eu(t,r);i!==void 0&&this._$Eh.set(i,t)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(e){let t=[];if(Array.isArray(e)){let r=new Set(e.flat(1/0).reverse());for(let i of r)t.unshift(ve(i))}else e!==void 0&&t.push(ve(e));return t}static _$Eu(e,t){let r=t.attribute;return r===!1?void 0:typeof r=="string"?r:typeof e=="string"?e.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(e=>this.enableUpdating=e),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(e=>e(this))}addController(e){(this._$EO??=new Set).add(e),this.renderRoot!==void 0&&this.isConnected&&e.hostConnected?.()}removeController(e){this._$EO?.delete(e)}_$E_(){let e=new Map,t=this.constructor.elementProperties;for(let r of t.keys())this.hasOwnProperty(r)&&(e.set(r,this[r]),delete this[r]);e.size>0&&(this._$Ep=e)}createRenderRoot(){let e=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return je(e,this.constructor.elementStyles),e}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(e=>e.hostConnected?.())}enableUpdating(e){}disconnectedCallback(){this._$EO?.forEach(e=>e.hostDisconnected?.())}attributeChangedCallback(e,t,r){this._$AK(e,r)}_$ET(e,t){let r=this.constructor.elementProperties.get(e),i=this.constructor._$Eu(e,r);if(i!==void 0&&r.reflect===!0){let n=(r.converter?.toAttribute!==void 0?r.converter:be).toAttribute(t,r.type);this._$Em=e,n==null?this.removeAttribute(i):this.setAttribute(i,n),this._$Em=null}}_$AK(e,t){let r=this.constructor,i=r._$Eh.get(e);if(i!==void 0&&this._$Em!==i){let n=r.getPropertyOptions(i),o=typeof n.converter=="function"?{fromAttribute:n.converter}:n.converter?.fromAttribute!==void 0?n.converter:be;this._$Em=i;let d=o.fromAttribute(t,n.type);this[i]=d??this._$Ej?.get(i)??d,this._$Em=null}}requestUpdate(e,t,r,i=!1,n){if(e!==void 0){let o=this.constructor;if(i===!1&&(n=this[e]),r??=o.getPropertyOptions(e),!((r.hasChanged??Ye)(n,t)||r.useDefault&&r.reflect&&n===this._$Ej?.get(e)&&!this.hasAttribute(o._$Eu(e,r))))return;this.C(e,t,r)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(e,t,{useDefault:r,reflect:i,wrapped:n},o){r&&!(this._$Ej??=new Map).has(e)&&(this._$Ej.set(e,o??t??this[e]),n!==!0||o!==void 0)||(this._$AL.has(e)||(this.hasUpdated||r||(t=void 0),this._$AL.set(e,t)),i===!0&&this._$Em!==e&&(this._$Eq??=new Set).add(e))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(t){Promise.reject(t)}let e=this.scheduleUpdate();return e!=null&&await e,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[i,n]of this._$Ep)this[i]=n;this._$Ep=void 0}let r=this.constructor.elementProperties;if(r.size>0)for(let[i,n]of r){let{wrapped:o}=n,d=this[i];o!==!0||this._$AL.has(i)||d===void 0||this.C(i,void 0,n,d)}}let e=!1,t=this._$AL;try{e=this.shouldUpdate(t),e?(this.willUpdate(t),this._$EO?.forEach(r=>r.hostUpdate?.()),this.update(t)):this._$EM()}catch(r){throw e=!1,this._$EM(),r}e&&this._$AE(t)}willUpdate(e){}_$AE(e){this._$EO?.forEach(t=>t.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(e)),this.updated(e)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(e){return!0}update(e){this._$Eq&&=this._$Eq.forEach(t=>this._$ET(t,this[t])),this._$EM()}updated(e){}firstUpdated(e){}};x.elementStyles=[],x.shadowRootOptions={mode:"open"},x[z("elementProperties")]=new Map,x[z("finalized")]=new Map,Ut?.({ReactiveElement:x}),(W.reactiveElementVersions??=[]).push("2.1.2");var xe=globalThis,Ge=s=>s,Z=xe.trustedTypes,Ke=Z?Z.createPolicy("lit-html",{createHTML:s=>s}):void 0,$e="$lit$",$=`lit$${Math.random().toFixed(9).slice(2)}$`,we="?"+$,Ot=`<${we}>`,E=document,I=()=>E.createComment(""),q=s=>s===null||typeof s!="object"&&typeof s!="function",Ae=Array.isArray,rt=s=>Ae(s)||typeof s?.[Symbol.iterator]=="function",ye=`[ 	
\f\r]`,D=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,Je=/-->/g,Xe=/>/g,C=RegExp(`>|${ye}(?:([^\\s"'>=/]+)(${ye}*=${ye}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),Qe=/'/g,et=/"/g,st=/^(?:script|style|textarea|title)$/i,Ce=s=>(e,...t)=>({_$litType$:s,strings:e,values:t}),l=Ce(1),it=Ce(2),Cr=Ce(3),w=Symbol.for("lit-noChange"),c=Symbol.for("lit-nothing"),tt=new WeakMap,k=E.createTreeWalker(E,129);function nt(s,e){if(!Ae(s)||!s.hasOwnProperty("raw"))throw Error("invalid template strings array");return Ke!==void 0?Ke.createHTML(e):e}var ot=(s,e)=>{let t=s.length-1,r=[],i,n=e===2?"<svg>":e===3?"<math>":"",o=D;for(let d=0;d<t;d++){let a=s[d],u,p,h=-1,m=0;for(;m<a.length&&(o.lastIndex=m,p=o.exec(a),p!==null);)m=o.lastIndex,o===D?p[1]==="!--"?o=Je:p[1]!==void 0?o=Xe:p[2]!==void 0?(st.test(p[2])&&(i=RegExp("</"+p[2],"g")),o=C):p[3]!==void 0&&(o=C):o===C?p[0]===">"?(o=i??D,h=-1):p[1]===void 0?h=-2:(h=o.lastIndex-p[2].length,u=p[1],o=p[3]===void 0?C:p[3]==='"'?et:Qe):o===et||o===Qe?o=C:o===Je||o===Xe?o=D:(o=C,i=void 0);let f=o===C&&s[d+1].startsWith("/>")?" ":"";n+=o===D?a+Ot:h>=0?(r.push(u),a.slice(0,h)+$e+a.slice(h)+$+f):a+$+(h===-2?d:f)}return[nt(s,n+(s[t]||"<?>")+(e===2?"</svg>":e===3?"</math>":"")),r]},V=class s{constructor({strings:e,_$litType$:t},r){let i;this.parts=[];let n=0,o=0,d=e.length-1,a=this.parts,[u,p]=ot(e,t);if(this.el=s.createElement(u,r),k.currentNode=this.el.content,t===2||t===3){let h=this.el.content.firstChild;h.replaceWith(...h.childNodes)}for(;(i=k.nextNode())!==null&&a.length<d;){if(i.nodeType===1){if(i.hasAttributes())for(let h of i.getAttributeNames())if(h.endsWith($e)){let m=p[o++],f=i.getAttribute(h).split($),g=/([.?@])?(.*)/.exec(m);a.push({type:1,index:n,name:g[2],strings:f,ctor:g[1]==="."?G:g[1]==="?"?K:g[1]==="@"?J:T}),i.removeAttribute(h)}else h.startsWith($)&&(a.push({type:6,index:n}),i.removeAttribute(h));if(st.test(i.tagName)){let h=i.textContent.split($),m=h.length-1;if(m>0){i.textContent=Z?Z.emptyScript:"";for(let f=0;f<m;f++)i.append(h[f],I()),k.nextNode(),a.push({type:2,index:++n});i.append(h[m],I())}}}else if(i.nodeType===8)if(i.data===we)a.push({type:2,index:n});else{let h=-1;for(;(h=i.data.indexOf($,h+1))!==-1;)a.push({type:7,index:n}),h+=$.length-1}n++}}static createElement(e,t){let r=E.createElement("template");return r.innerHTML=e,r}};function S(s,e,t=s,r){if(e===w)return e;let i=r!==void 0?t._$Co?.[r]:t._$Cl,n=q(e)?void 0:e._$litDirective$;return i?.constructor!==n&&(i?._$AO?.(!1),n===void 0?i=void 0:(i=new n(s),i._$AT(s,t,r)),r!==void 0?(t._$Co??=[])[r]=i:t._$Cl=i),i!==void 0&&(e=S(s,i._$AS(s,e.values),i,r)),e}var Y=class{constructor(e,t){this._$AV=[],this._$AN=void 0,this._$AD=e,this._$AM=t}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(e){let{el:{content:t},parts:r}=this._$AD,i=(e?.creationScope??E).importNode(t,!0);k.currentNode=i;let n=k.nextNode(),o=0,d=0,a=r[0];for(;a!==void 0;){if(o===a.index){let u;a.type===2?u=new R(n,n.nextSibling,this,e):a.type===1?u=new a.ctor(n,a.name,a.strings,this,e):a.type===6&&(u=new X(n,this,e)),this._$AV.push(u),a=r[++d]}o!==a?.index&&(n=k.nextNode(),o++)}return k.currentNode=E,i}p(e){let t=0;for(let r of this._$AV)r!==void 0&&(r.strings!==void 0?(r._$AI(e,r,t),t+=r.strings.length-2):r._$AI(e[t])),t++}},R=class s{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(e,t,r,i){this.type=2,this._$AH=c,this._$AN=void 0,this._$AA=e,this._$AB=t,this._$AM=r,this.options=i,this._$Cv=i?.isConnected??!0}get parentNode(){let e=this._$AA.parentNode,t=this._$AM;return t!==void 0&&e?.nodeType===11&&(e=t.parentNode),e}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(e,t=this){e=S(this,e,t),q(e)?e===c||e==null||e===""?(this._$AH!==c&&this._$AR(),this._$AH=c):e!==this._$AH&&e!==w&&this._(e):e._$litType$!==void 0?this.$(e):e.nodeType!==void 0?this.T(e):rt(e)?this.k(e):this._(e)}O(e){return this._$AA.parentNode.insertBefore(e,this._$AB)}T(e){this._$AH!==e&&(this._$AR(),this._$AH=this.O(e))}_(e){this._$AH!==c&&q(this._$AH)?this._$AA.nextSibling.data=e:this.T(E.createTextNode(e)),this._$AH=e}$(e){let{values:t,_$litType$:r}=e,i=typeof r=="number"?this._$AC(e):(r.el===void 0&&(r.el=V.createElement(nt(r.h,r.h[0]),this.options)),r);if(this._$AH?._$AD===i)this._$AH.p(t);else{let n=new Y(i,this),o=n.u(this.options);n.p(t),this.T(o),this._$AH=n}}_$AC(e){let t=tt.get(e.strings);return t===void 0&&tt.set(e.strings,t=new V(e)),t}k(e){Ae(this._$AH)||(this._$AH=[],this._$AR());let t=this._$AH,r,i=0;for(let n of e)i===t.length?t.push(r=new s(this.O(I()),this.O(I()),this,this.options)):r=t[i],r._$AI(n),i++;i<t.length&&(this._$AR(r&&r._$AB.nextSibling,i),t.length=i)}_$AR(e=this._$AA.nextSibling,t){for(this._$AP?.(!1,!0,t);e!==this._$AB;){let r=Ge(e).nextSibling;Ge(e).remove(),e=r}}setConnected(e){this._$AM===void 0&&(this._$Cv=e,this._$AP?.(e))}},T=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(e,t,r,i,n){this.type=1,this._$AH=c,this._$AN=void 0,this.element=e,this.name=t,this._$AM=i,this.options=n,r.length>2||r[0]!==""||r[1]!==""?(this._$AH=Array(r.length-1).fill(new String),this.strings=r):this._$AH=c}_$AI(e,t=this,r,i){let n=this.strings,o=!1;if(n===void 0)e=S(this,e,t,0),o=!q(e)||e!==this._$AH&&e!==w,o&&(this._$AH=e);else{let d=e,a,u;for(e=n[0],a=0;a<n.length-1;a++)u=S(this,d[r+a],t,a),u===w&&(u=this._$AH[a]),o||=!q(u)||u!==this._$AH[a],u===c?e=c:e!==c&&(e+=(u??"")+n[a+1]),this._$AH[a]=u}o&&!i&&this.j(e)}j(e){e===c?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,e??"")}},G=class extends T{constructor(){super(...arguments),this.type=3}j(e){this.element[this.name]=e===c?void 0:e}},K=class extends T{constructor(){super(...arguments),this.type=4}j(e){this.element.toggleAttribute(this.name,!!e&&e!==c)}},J=class extends T{constructor(e,t,r,i,n){super(e,t,r,i,n),this.type=5}_$AI(e,t=this){if((e=S(this,e,t,0)??c)===w)return;let r=this._$AH,i=e===c&&r!==c||e.capture!==r.capture||e.once!==r.once||e.passive!==r.passive,n=e!==c&&(r===c||i);i&&this.element.removeEventListener(this.name,this,r),n&&this.element.addEventListener(this.name,this,e),this._$AH=e}handleEvent(e){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,e):this._$AH.handleEvent(e)}},X=class{constructor(e,t,r){this.element=e,this.type=6,this._$AN=void 0,this._$AM=t,this.options=r}get _$AU(){return this._$AM._$AU}_$AI(e){S(this,e)}},at={M:$e,P:$,A:we,C:1,L:ot,R:Y,D:rt,V:S,I:R,H:T,N:K,U:J,B:G,F:X},zt=xe.litHtmlPolyfillSupport;zt?.(V,R),(xe.litHtmlVersions??=[]).push("3.3.3");var lt=(s,e,t)=>{let r=t?.renderBefore??e,i=r._$litPart$;if(i===void 0){let n=t?.renderBefore??null;r._$litPart$=i=new R(e.insertBefore(I(),n),n,void 0,t??{})}return i._$AI(s),i};var ke=globalThis,v=class extends x{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let e=super.createRenderRoot();return this.renderOptions.renderBefore??=e.firstChild,e}update(e){let t=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(e),this._$Do=lt(t,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return w}};v._$litElement$=!0,v.finalized=!0,ke.litElementHydrateSupport?.({LitElement:v});var Dt=ke.litElementPolyfillSupport;Dt?.({LitElement:v});(ke.litElementVersions??=[]).push("4.2.2");var ct={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},dt=s=>(...e)=>({_$litDirective$:s,values:e}),Q=class{constructor(e){}get _$AU(){return this._$AM._$AU}_$AT(e,t,r){this._$Ct=e,this._$AM=t,this._$Ci=r}_$AS(e,t){return this.update(e,t)}update(e,t){return this.render(...t)}};var{I:It}=at,ht=s=>s;var ut=()=>document.createComment(""),H=(s,e,t)=>{let r=s._$AA.parentNode,i=e===void 0?s._$AB:e._$AA;if(t===void 0){let n=r.insertBefore(ut(),i),o=r.insertBefore(ut(),i);t=new It(n,o,s,s.options)}else{let n=t._$AB.nextSibling,o=t._$AM,d=o!==s;if(d){let a;t._$AQ?.(s),t._$AM=s,t._$AP!==void 0&&(a=s._$AU)!==o._$AU&&t._$AP(a)}if(n!==i||d){let a=t._$AA;for(;a!==n;){let u=ht(a).nextSibling;ht(r).insertBefore(a,i),a=u}}}return t},A=(s,e,t=s)=>(s._$AI(e,t),s),qt={},pt=(s,e=qt)=>s._$AH=e,mt=s=>s._$AH,ee=s=>{s._$AR(),s._$AA.remove()};var ft=(s,e,t)=>{let r=new Map;for(let i=e;i<=t;i++)r.set(s[i],i);return r},te=dt(class extends Q{constructor(s){if(super(s),s.type!==ct.CHILD)throw Error("repeat() can only be used in text expressions")}dt(s,e,t){let r;t===void 0?t=e:e!==void 0&&(r=e);let i=[],n=[],o=0;for(let d of s)i[o]=r?r(d,o):o,n[o]=t(d,o),o++;return{values:n,keys:i}}render(s,e,t){return this.dt(s,e,t).values}update(s,[e,t,r]){let i=mt(s),{values:n,keys:o}=this.dt(e,t,r);if(!Array.isArray(i))return this.ut=o,n;let d=this.ut??=[],a=[],u,p,h=0,m=i.length-1,f=0,g=n.length-1;for(;h<=m&&f<=g;)if(i[h]===null)h++;else if(i[m]===null)m--;else if(d[h]===o[f])a[f]=A(i[h],n[f]),h++,f++;else if(d[m]===o[g])a[g]=A(i[m],n[g]),m--,g--;else if(d[h]===o[g])a[g]=A(i[h],n[g]),H(s,a[g+1],i[h]),h++,g--;else if(d[m]===o[f])a[f]=A(i[m],n[f]),H(s,i[h],i[m]),m--,f++;else if(u===void 0&&(u=ft(o,f,g),p=ft(d,h,m)),u.has(d[h]))if(u.has(d[m])){let y=p.get(o[f]),ge=y!==void 0?i[y]:null;if(ge===null){let Ve=H(s,i[h]);A(Ve,n[f]),a[f]=Ve}else a[f]=A(ge,n[f]),H(s,i[h],ge),i[y]=null;f++}else ee(i[m]),m--;else ee(i[h]),h++;for(;f<=g;){let y=H(s,a[g+1]);A(y,n[f]),a[f++]=y}for(;h<=m;){let y=i[h++];y!==null&&ee(y)}return this.ut=o,pt(s,a),w}});var Vt=/https?:\/\/[^\s<>"]+/gi,Ft=/[.,;:!?'’”»…]+$/u;function re(s){let[e,t]=/^\*([^*\n]+)\*(?:\n|$)/.exec(s)??[];return e&&t?{title:t,rest:s.slice(e.length)}:{rest:s}}function se(s){let e=[],t=0;for(let{0:r,index:i}of s.matchAll(Vt)){let n=gt(r);URL.canParse(n)&&(e.push(s.slice(t,i),l`<a href=${n} target="_blank" rel="noopener noreferrer">${n}</a>`),t=i+n.length)}return[...e,s.slice(t)]}function gt(s){let e=s.replace(Ft,"");return e.endsWith(")")&&!e.includes("(")?gt(e.slice(0,-1)):e}var F=class{#e;#r=new Map;constructor(e){this.#e=e}static fields({number:e,status:t,text:r,channel:i},{recipients:n,entry_id:o},d){let a=n.find(h=>h.number===e)?.entity_id;if(t!=="failed"||r===null||!(a||d.user?.is_admin))return;let{title:u,rest:p}=re(r);return{...u&&p?{title:u,message:p}:{message:r},...a?{entity_id:a}:{to:e,config_entry_id:o},...i==="viber"?{}:{channel:i}}}isSending({seq:e}){return this.#r.get(e)==="sending"}wasSent({seq:e}){return this.#r.get(e)==="sent"}error({seq:e}){let t=this.#r.get(e);return typeof t=="object"?t.error:void 0}async send({seq:e},t,r,i){this.#t(e,"sending");try{await r.callService("inteltele","send_message",t,void 0,!1)}catch(n){return this.#t(e,{error:i.refusal(n)}),!1}return this.#t(e,"sent"),!0}#t(e,t){this.#r.set(e,t),this.#e.requestUpdate()}};var Bt={queued:"M12,20A8,8 0 0,0 20,12A8,8 0 0,0 12,4A8,8 0 0,0 4,12A8,8 0 0,0 12,20M12,2A10,10 0 0,1 22,12A10,10 0 0,1 12,22C6.47,22 2,17.5 2,12A10,10 0 0,1 12,2M12.5,7V12.25L17,14.92L16.25,16.15L11,13V7H12.5Z",sent:"M21,7L9,19L3.5,13.5L4.91,12.09L9,16.17L19.59,5.59L21,7Z",delivered:"M0.41,13.41L6,19L7.41,17.58L1.83,12M22.24,5.58L11.66,16.17L7.5,12L6.07,13.41L11.66,19L23.66,7M18,7L16.59,5.58L10.24,11.93L11.66,13.34L18,7Z",failed:"M11,15H13V17H11V15M11,7H13V13H11V7M12,2C6.47,2 2,6.5 2,12A10,10 0 0,0 12,22A10,10 0 0,0 22,12A10,10 0 0,0 12,2M12,20A8,8 0 0,1 4,12A8,8 0 0,1 12,4A8,8 0 0,1 20,12A8,8 0 0,1 12,20Z",picture:"M19,19H5V5H19M19,3H5A2,2 0 0,0 3,5V19A2,2 0 0,0 5,21H19A2,2 0 0,0 21,19V5A2,2 0 0,0 19,3M13.96,12.29L11.21,15.83L9.25,13.47L6.5,17H17.5L13.96,12.29Z",answer:"M10,9V5L3,12L10,19V14.9C15,14.9 18.5,16.5 21,20C20,15 17,10 10,9Z",send:"M2,21L23,12L2,3V10L17,12L2,14V21Z",unknown:"M11,18H13V16H11V18M12,2A10,10 0 0,0 2,12A10,10 0 0,0 12,22A10,10 0 0,0 22,12A10,10 0 0,0 12,2M12,20C7.59,20 4,16.41 4,12C4,7.59 7.59,4 12,4C16.41,4 20,7.59 20,12C20,16.41 16.41,20 12,20M12,6A4,4 0 0,0 8,10H10A2,2 0 0,1 12,8A2,2 0 0,1 14,10C14,12 11,11.75 11,15H13C13,12.75 16,12.5 16,10A4,4 0 0,0 12,6Z",sms:"M20,2A2,2 0 0,1 22,4V16A2,2 0 0,1 20,18H6L2,22V4C2,2.89 2.9,2 4,2H20M4,4V17.17L5.17,16H20V4H4M6,7H18V9H6V7M6,11H15V13H6V11Z",again:"M17.65,6.35C16.2,4.9 14.21,4 12,4A8,8 0 0,0 4,12A8,8 0 0,0 12,20C15.73,20 18.84,17.45 19.73,14H17.65C16.83,16.33 14.61,18 12,18A6,6 0 0,1 6,12A6,6 0 0,1 12,6C13.66,6 15.14,6.69 16.22,7.78L13,11H20V4L17.65,6.35Z",newest:"M11,4H13V16L18.5,10.5L19.92,11.92L12,19.84L4.08,11.92L5.5,10.5L11,16V4Z",close:"M19,6.41L17.59,5L12,10.59L6.41,5L5,6.41L10.59,12L5,17.59L6.41,19L12,13.41L17.59,19L19,17.59L13.41,12L19,6.41Z"};function _(s){return it`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${Bt[s]} /></svg>`}function ie(s){let{alarms:e,texts:t}=s,{shown:r}=e,i=r.filter(n=>e.isNews(n));return l`
    <div class="unseen" role="alert">${i.map(n=>l`<p>${Kt(n,s)}</p>`)}</div>
    ${r.length>0?l`<section class="alarms" tabindex="0" aria-label=${t.card("alarms")}>
            ${te(r,({id:n})=>n,n=>jt(n,s))}
          </section>`:c}
  `}function jt(s,e){let{alarms:t,texts:r,format:i}=e,{id:n,status:o,title:d,message:a,blocked:u}=s,p=o==="open",h=t.refusal(s);return l`<article class="alarm ${o}" data-alarm=${n} tabindex="-1" aria-label=${Ee(s,r)}>
    <div class="story">
      <div class="head">
        ${_(p||o==="unanswered"?"failed":"sent")}
        <strong dir="auto">${p?d??r.card("alarm"):Ee(s,r)}</strong>
        ${p?c:l`<button class="close" aria-label=${r.card("close")} title=${r.card("close")} @click=${()=>t.close(s)}>${_("close")}</button>`}
      </div>
      ${p?l`
            <p class="says" dir="auto">${a?se(a):r.card("no_text")}</p>
            <p class="quiet">${Zt(s,r,i)}</p>
            ${u?l`<p class="blocked">${_t(u,r)}</p>`:c}
            <ul>${s.people.map(m=>l`<li><bdi>${m.name??m.number}</bdi> <span class="quiet">${Yt(m,r,i)}</span></li>`)}</ul>`:l`<p class="quiet">${vt(s,r,i)}</p>`}
      ${h?l`<p class="blocked" role="alert">${h}</p>`:c}
    </div>
    ${s.may_answer?Wt(s,e):c}
  </article>`}function Wt(s,{alarms:e,texts:t}){let r=e.isBeingTaken(s);return l`<div class="bar"><button class="take" ?disabled=${r} aria-busy=${r} @click=${()=>e.take(s,t)}>
    ${r?t.card("alarm_taking"):s.button??t.card("alarm_take")}
  </button></div>`}function Ee({title:s,message:e},t){return s??e??t.card("alarm")}function Zt(s,e,t){let r=t.moment(s.raised_at),i=String(s.raised);return s.raised>1?e.card("alarm_since_count",{time:r,count:i}):e.card("alarm_since",{time:r})}function _t(s,e){let t=e.reason(s)||e.reason("unknown");return e.card("alarm_blocked",{reason:t})}function Yt(s,e,t){let{status:r,asked_at:i,next_at:n,channel:o}=s,d=a=>({time:t.moment(a)});return[i?e.card("alarm_asked",d(i)):"",o==="sms"?"SMS":"",r?Gt(r,s.reason,e):"",n?e.card("alarm_next",d(n)):"",r||n?"":e.card("alarm_not_yet")].filter(Boolean).join(" · ")}function Gt(s,e,t){switch(s){case"declined":return t.card("alarm_declined");case"unknown":return t.card("outcome_unknown");case"failed":{let r=t.reason(e??"");return r?t.card("alarm_not_reached",{reason:r}):t.card("alarm_not_asked")}default:return t.card(s)}}function vt(s,e,t){let r=t.moment(s.ended_at??s.raised_at);switch(s.status){case"acknowledged":return e.card("alarm_taken",{by:s.by??e.card("alarm_somebody"),time:r});case"cleared":return e.card("alarm_over",{time:r});default:return e.card("alarm_unanswered",{time:r})}}function Kt(s,{texts:e,format:t}){let r=s.status==="open"?s.blocked&&_t(s.blocked,e):vt(s,e,t);return[e.card("alarm"),Ee(s,e),r].filter(Boolean).join(": ")}var ne=b`
  :host {
    --_quiet: color-mix(
      in srgb,
      var(--secondary-text-color) 50%,
      var(--primary-text-color)
    );
    /* The colours of themes are too pale for small text. */
    --_alarm: color-mix(in srgb, var(--error-color) 55%, var(--primary-text-color));
  }
  .icon {
    width: 16px;
    height: 16px;
    fill: currentColor;
    vertical-align: text-bottom;
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .alarms {
    /* The conversation makes room first. */
    flex: 0 1 auto;
    max-height: 18rem;
    overflow-y: auto;
    overscroll-behavior: contain;
  }
  .alarm {
    --_behind: var(--card-background-color);
    --_lines: 3.5rem;
    background: var(--_behind);
    border-block-end: 1px solid var(--divider-color);
    border-inline-start: 4px solid var(--divider-color);
    padding: 10px 12px;
    color: var(--primary-text-color);
    overflow-wrap: anywhere;
  }
  .alarm:last-child {
    border-block-end: 0;
  }
  .alarm.open {
    border-inline-start-color: var(--error-color);
    --_behind: color-mix(
      in srgb,
      var(--error-color) 14%,
      var(--card-background-color)
    );
  }
  .head {
    display: flex;
    gap: 8px;
    align-items: start;
    line-height: 24px;
  }
  .head .icon {
    flex: none;
    height: 24px;
  }
  :is(.open, .unanswered) .head > .icon {
    color: var(--_alarm);
  }
  .head strong {
    flex: 1;
    display: -webkit-box;
    overflow: hidden;
    font-weight: 500;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }
  .alarm p,
  .alarm ul {
    margin: 4px 0 0;
    padding: 0;
    list-style: none;
  }
  .says {
    white-space: pre-wrap;
  }
  .says a {
    color: inherit;
  }
  .alarm .quiet {
    color: var(--_quiet);
  }
  .alarm .blocked {
    color: var(--_alarm);
  }
  .alarm li {
    padding-block: 2px;
  }
  .alarm bdi {
    margin-inline-end: 4px;
    font-weight: 500;
  }
  .story:not(:last-child) {
    margin-block-end: calc(-1 * var(--_lines));
  }
  .bar {
    /* However long the text is, the button is in sight, below what it is about: its
       margin, which takes no room, keeps it from the first lines. */
    position: sticky;
    inset-block-end: 0;
    margin-block: var(--_lines) -10px;
    padding-block: 8px 10px;
    background: var(--_behind);
  }
  .take {
    width: 100%;
    min-height: 44px;
    border: 0;
    border-radius: 22px;
    padding: 8px 16px;
    background: color-mix(in srgb, var(--error-color) 76%, #000);
    color: #fff;
    font: inherit;
    font-weight: 500;
    cursor: pointer;
  }
  .take:disabled {
    cursor: progress;
  }
  .close {
    flex: none;
    width: 32px;
    height: 32px;
    margin: -4px -4px -4px 0;
    border: 0;
    border-radius: 50%;
    padding: 0;
    background: none;
    color: var(--_quiet);
    cursor: pointer;
  }
  .close .icon {
    margin: 0;
  }
  :is(.alarms, .alarm, .says a, .take, .close):focus-visible {
    outline: 2px solid var(--primary-color);
    outline-offset: -2px;
  }
  .take:focus-visible {
    outline-color: var(--primary-text-color);
    outline-offset: 2px;
  }
`;var Jt=new Set(["account_not_chosen","service_config_entry_not_found","service_found_no_config_entry_for_domain","unknown_recipient"]);function oe({entity:s,recipients:e,config_entry_id:t}){let r=s??e;return r?.length?{recipient:r}:t?{config_entry_id:t}:{}}var M=class{error;attempt=0;#e;#r;#t;#i;#s=!1;#n;#o;#a;#l=2e3;constructor(e,t){this.#e=e,this.#r=t,e.addController(this)}hostConnected(){this.#s=!0,this.#c()}hostDisconnected(){this.#s=!1,this.#u()}get hass(){return this.#t}set hass(e){this.#t=e,e?.connection!==this.#n&&this.#d()}by(e){let t=JSON.stringify(e)!==JSON.stringify(this.#i);return this.#i=e,t&&this.#d(),t}#h=()=>{this.#o=void 0,this.#d()};#d(){this.#u(),this.#c()}#c(){!this.#s||!this.#t||!this.#i||this.#n||(this.#n=this.#t.connection,this.#n.addEventListener("ready",this.#h),this.#p(this.#n,this.#i))}#u(){this.attempt+=1,clearTimeout(this.#a),this.#l=2e3,this.#n?.removeEventListener("ready",this.#h),this.#n=void 0,this.#o?.().catch(()=>{}),this.#o=void 0}async#p(e,t){let r=++this.attempt;try{let i=await e.subscribeMessage(n=>{r===this.attempt&&(this.error=void 0,this.#l=2e3,this.#r(n),this.#e.requestUpdate())},t,{resubscribe:!1});r===this.attempt?this.#o=i:await i()}catch(i){if(r!==this.attempt||(this.error=i,this.#e.requestUpdate(),Xt(this.error)))return;this.#a=setTimeout(()=>{this.#p(e,t)},this.#l),this.#l=Math.min(this.#l*2,6e4)}}};function Xt(s){return s.code==="unauthorized"||Jt.has(s.translation_key??"")}var Qt=36e5,er=8*Qt,tr=6e4,yt="inteltele-closed-alarms",rr=50,Se=new Set,ae=sr(),L=class{#e;#r;#t=new Map;#i=new Set;#s;#n;constructor(e){this.#e=e,this.#r=new M(e,({alarms:t})=>{this.#s=t;for(let{id:r,status:i}of t)i==="open"&&this.#i.add(r)}),e.addController(this)}hostConnected(){Se.add(this.#e),this.#n=setInterval(()=>this.#s?.length&&this.#a(),tr)}hostDisconnected(){Se.delete(this.#e),clearInterval(this.#n)}set hass(e){this.#r.hass=e}set config(e){this.#r.by({type:"inteltele/alarms/subscribe",...oe(e)})&&(this.#s=void 0)}get error(){return this.#r.error}get shown(){return(this.#s??[]).filter(e=>!ae.includes(bt(e))&&(e.status==="open"||e.status==="unanswered"||Date.now()-Date.parse(e.ended_at??"")<er))}isNews({id:e}){return this.#i.has(e)}isBeingTaken({id:e}){return this.#t.get(e)==="taking"}refusal({id:e}){let t=this.#t.get(e);return typeof t=="object"?t.error:void 0}async take({id:e},t){this.#o(e,"taking");try{await this.#r.hass?.callService("inteltele","acknowledge_alarm",{alarm_id:e},void 0,!1),this.#t.delete(e)}catch(r){this.#o(e,{error:ir(r,t)});return}this.#a(),await this.#e.updateComplete,this.#e.renderRoot.querySelector(`[data-alarm="${e}"]`)?.focus()}close(e){ae=[...ae,bt(e)].slice(-rr);try{localStorage.setItem(yt,JSON.stringify(ae))}catch{}for(let t of Se)t.requestUpdate()}#o(e,t){this.#t.set(e,t),this.#a()}#a(){this.#e.requestUpdate()}};function bt({id:s,ended_at:e}){return`${s} ${e}`}function sr(){try{let s=JSON.parse(localStorage.getItem(yt)??"[]");return Array.isArray(s)?s:[]}catch{return[]}}function ir(s,e){return s.code==="unauthorized"?e.card("alarm_not_allowed"):s.message?e.refusal(s):e.card("alarm_not_taken")}var le=class{#e;#r;#t;#i;constructor(e){let{language:t,time_format:r,time_zone:i}=e.locale,n=i==="server"?{timeZone:e.config.time_zone}:void 0,o=r==="12"||r==="24"?{hour12:r==="12"}:void 0;this.#e=t,this.#r=new Intl.DateTimeFormat(t,{...n,dateStyle:"long"}),this.#t=new Intl.DateTimeFormat("sv-SE",{...n,dateStyle:"short"}),this.#i=new Intl.DateTimeFormat(r==="system"?void 0:t,{...n,...o,hour:"numeric",minute:"2-digit"})}day(e){let t=Math.round((this.#s(new Date(e))-this.#s(new Date))/864e5);if(t!==0&&t!==-1)return this.#r.format(new Date(e));let i=new Intl.RelativeTimeFormat(this.#e,{numeric:"auto"}).format(t,"day");return i.charAt(0).toLocaleUpperCase(this.#e)+i.slice(1)}time(e){return this.#i.format(new Date(e))}moment(e){return this.#t.format(new Date(e))===this.#t.format(new Date)?this.time(e):`${this.day(e)}, ${this.time(e)}`}price(e,t){return new Intl.NumberFormat(this.#e,{style:"currency",currency:t,minimumFractionDigits:2,maximumFractionDigits:4}).format(e)}#s(e){return Date.parse(`${this.#t.format(e)}T00:00:00Z`)}};var de="inteltele-messages-card",P="inteltele-alarm-card",ce={type:de,name:"IntelTele messages",description:"Shows the Viber messages and SMS from Home Assistant, whether they arrived and what was answered, and lets you write.",preview:!0,getEntitySuggestion:nr,documentationURL:"https://github.com/inteltele/inteltele-home-assistant"},Te={...ce,type:P,name:"IntelTele alarms",description:"Shows an open alarm, whom it asks by Viber and SMS, and lets you take care of it.",getEntitySuggestion:void 0};window.customCards??=[];window.customCards.push(ce,Te);function xt(s){ce.name=s.card("name"),ce.description=s.card("description"),Te.name=s.card("alarm_name"),Te.description=s.card("alarm_description")}function Re(s,e){return Object.keys(s.entities).find(t=>{let r=s.entities[t];return t.startsWith("notify.")&&r?.platform==="inteltele"&&(e===void 0||r.device_id===e)})}function nr(s,e){let t=s.entities[e];if(t?.platform!=="inteltele")return null;let r=Re(s,t.device_id),i={type:`custom:${de}`};return{config:r?{...i,entity:r}:i}}function he({status:s,reason:e}){return s==="failed"&&e==="outcome_unknown"}var He=new Map,N=class s{#e;constructor(e){this.#e=e}static load(e){let{language:t}=e,r=He.get(t);return r||(r=Promise.all([$t(e,"common"),$t(e,"exceptions")]).then(i=>new s(Object.assign({},...i))),r.catch(()=>He.delete(t)),He.set(t,r)),r}card(e,t={}){return this.#r(`common.card_${e}`,t)}status(e){let{status:t,reason:r}=e;if(t!=="failed")return this.card(t);if(he(e))return this.card("outcome_unknown");let i=this.reason(r??"");return this.card("failed",{reason:i||(r??"")})}reason(e){return this.#r(`common.reason_${e}`)}spoken(e){let t=e.recipient??e.number;return e.answer?this.card("spoken_answer",{recipient:t,answer:e.answer.text}):this.card("spoken_message",{recipient:t,status:this.status(e),text:e.text??this.card("no_text")})}error(e,t=this.card("error")){if(e.code==="unauthorized")return this.card("not_allowed");switch(e.translation_key){case"account_not_chosen":return this.card("account_needed");case"service_config_entry_not_found":return this.card("unknown_account");case"service_found_no_config_entry_for_domain":return this.card("no_account");case"unknown_recipient":return this.card("unknown_recipient")}if(e.translation_domain==="inteltele"){let r=`exceptions.${e.translation_key}.message`;return this.#r(r,e.translation_placeholders)||t}return t}refusal(e){return e.translation_domain==="inteltele"||!e.message?this.error(e):e.message}#r(e,t={}){return(this.#e[`component.inteltele.${e}`]??"").replace(/\{(\w+)\}/g,(i,n)=>t[n]??i)}};async function $t(s,e){return(await s.callWS({type:"frontend/get_translations",language:s.language,category:e,integration:["inteltele"]})).resources}var U=class extends v{static properties={hass:{attribute:!1},preview:{type:Boolean},_config:{state:!0},_texts:{state:!0}};_format;_language;willUpdate(e){if(!e.has("hass")||!this.hass)return;let t=e.get("hass");(!this._format||t?.locale!==this.hass.locale)&&(this._format=new le(this.hass)),this._language!==this.hass.language&&(this._language=this.hass.language,this._loadTexts(this.hass))}async _loadTexts(e){try{this._texts=await N.load(e),xt(this._texts)}catch{this._language=void 0}}shouldUpdate(e){let t=e.get("hass");return e.size!==1||!e.has("hass")||t?.locale!==this.hass?.locale||this._language!==this.hass?.language||t?.connection!==this.hass?.connection}get _direction(){let{hass:e}=this;return e?.translationMetadata.translations[e.language]?.isRTL?"rtl":"ltr"}};function ue(s){let{entity:e,recipients:t,max_messages:r}=s;if(e!==void 0&&!wt(e))throw new Error("entity must be a notify entity of IntelTele");if(t!==void 0&&!(Array.isArray(t)&&t.length>0&&t.every(wt)))throw new Error("recipients must be a list of notify entities of IntelTele; remove it to show all");if(e!==void 0&&t!==void 0)throw new Error("use either entity or recipients, not both");if(r!==void 0&&!(Number.isInteger(r)&&r>0))throw new Error("max_messages must be a whole number above zero");if(s.height!==void 0&&!CSS.supports("height",Me(s)??""))throw new Error("height must be a number of pixels, or a height as CSS knows them");return s}function Me({height:s}){return typeof s=="number"?`${s}px`:s}function wt(s){return String(s).startsWith("notify.")}var Le=class extends U{connectedWhileHidden=!0;_alarms=new L(this);static getConfigElement(){return document.createElement(`${P}-editor`)}static getStubConfig(){return{}}setConfig(e){this._config=ue(e),this._alarms.config=e}getCardSize(){return 3}getGridOptions(){return{columns:12,min_columns:6}}willUpdate(e){super.willUpdate(e);let{shown:t,error:r}=this._alarms;this._alarms.hass=this.hass;let i=t.length===0&&!this.preview&&!this._config?.show_when_idle&&(!r||r.code==="unauthorized");i!==this.hidden&&(this.hidden=i,this.dispatchEvent(new CustomEvent("card-visibility-changed",{detail:{value:!i},bubbles:!0,composed:!0})))}render(){return l`<ha-card dir=${this._direction}>${this._content()}</ha-card>`}_content(){let{_alarms:e,_texts:t,_format:r}=this;if(!t||!r)return c;if(e.error){let i=t.error(e.error,t.card("alarm_error"));return l`<p class="line blocked" role="alert">${i}</p>`}return l`
      ${ie({alarms:e,texts:t,format:r})}
      ${e.shown.length>0?c:l`<p class="line">${_("sent")} ${t.card("alarm_none")}</p>`}
    `}static styles=[ne,b`
      :host {
        display: block;
      }
      :host([hidden]) {
        display: none;
      }
      ha-card {
        overflow: hidden;
      }
      .alarms {
        max-height: none;
      }
      .line {
        margin: 0;
        padding: 12px 16px;
        color: var(--_quiet);
      }
      .line.blocked {
        color: var(--_alarm);
      }
    `]};customElements.define(P,Le);function At(s,e){let{texts:t,format:r,currency:i,showRecipient:n}=e,o=he(s)?"unknown":s.status,d=s.recipient??s.number;return l`
    <li class="bubble out ${o} ${s.channel}" data-seq=${s.seq}>
      ${n?l`<div class="whom" dir="auto">${d}</div>`:c}
      ${lr(s,e)} ${ar(s,t)}
      ${s.button?l`<div class="button" dir="auto">${s.button}</div>`:c}
      <div class="foot">
        ${s.channel==="sms"?l`<span>${_("sms")} SMS</span>`:c}
        ${s.cost===null||i===void 0?c:l`<span>${r.price(s.cost,i)}</span>`}
        <time datetime=${s.sent_at}>${r.time(s.sent_at)}</time>
        ${cr(s,o,t)}
      </div>
      ${s.status==="failed"?dr(s,e):c}
    </li>
    ${s.answer?or(s.answer,s,e):c}
  `}function or(s,e,{texts:t,format:r}){return l`
    <li class="bubble in" data-seq=${e.seq}>
      <div class="whom" dir="auto">${_("answer")}${e.recipient??e.number}</div>
      <div class="text" dir="auto"><span class="unseen">${t.card("answer")}: </span>${s.text}</div>
      <div class="foot">
        <time datetime=${s.given_at}>${r.time(s.given_at)}</time>
      </div>
    </li>
  `}function ar(s,e){if(s.text===null)return l`<div class="text none">${e.card("no_text")}</div>`;let{title:t,rest:r}=re(s.text);return l`<div class="text" dir="auto">${t?l`<strong>${t}</strong>`:c}${se(r)}</div>`}function lr(s,{texts:e,goneFrom:t,onPictureGone:r,onPicture:i}){return s.has_picture?s.picture_url===null||t.has(s.seq)?l`<div class="gone">${_("picture")}${e.card("picture_gone")}</div>`:l`<button class="picture" title=${e.card("open_picture")} @click=${()=>i(s)}>
    <img
      src=${s.picture_url}
      alt=${e.card("picture")}
      @error=${()=>r(s.seq)}
    />
  </button>`:c}function cr(s,e,t){let r=t.status(s);return l`<span class="tick" role="img" aria-label=${r} title=${r}>${_(e)}</span>`}function dr(s,e){let{texts:t,again:r,onAgain:i}=e,n=r.wasSent(s)?void 0:i(s),o=r.error(s),d=s.has_picture||s.button?t.card("send_text_again"):t.card("send_again");return l`
    <div class="reason">${t.status(s)}</div>
    ${n?l`<button class="again" ?disabled=${r.isSending(s)} @click=${n}>
            ${_("again")}${d}
          </button>`:c}
    ${o?l`<div class="reason" role="alert">${o}</div>`:c}
  `}var hr=100,pe=class{account;loadingOlder=!1;#e;#r;#t=new Map;#i;#s={};#n=Number.POSITIVE_INFINITY;#o=!1;constructor(e,t){this.#e=e,this.#r=t,this.#i=new M(e,r=>this.#l(r))}get error(){return this.#i.error}get messages(){return this.account&&this.#a.slice(-this.#n)}get hasOlder(){return this.#o&&this.#t.size<this.#n}get#a(){return[...this.#t.values()].sort(ur)}set hass(e){this.#i.hass=e}set config(e){let{max_messages:t}=e;this.#n=t??Number.POSITIVE_INFINITY,this.#s={...t&&{limit:Math.min(t,hr)},...oe(e)},this.#i.by({type:"inteltele/messages/subscribe",...this.#s})&&(this.account=void 0,this.#t.clear())}async loadOlder(){let e=this.#i,{hass:t,attempt:r}=e,i=this.#a[0];if(!(!t||!i||!this.hasOlder||this.loadingOlder)){this.loadingOlder=!0,this.#e.requestUpdate();try{let n=await t.callWS({type:"inteltele/messages/list",...this.#s,before:i.seq});r===e.attempt&&(this.#o=n.has_older,this.#c(n.messages))}catch(n){e.error=n}finally{this.loadingOlder=!1,this.#e.requestUpdate()}}}#l(e){if(e.kind==="page")this.account=e,this.#o=e.has_older,this.#t.clear(),this.#c(e.messages);else{let t=this.#o?this.#a[0]?.seq??0:0,r=e.messages.filter(({seq:o})=>o>=t),i=r.filter(o=>this.#h(o)),n=r.filter(o=>this.#d(o));this.#c(r),this.#r(i,n.map(({seq:o})=>o))}}#h(e){let t=this.#t.get(e.seq);return t?.status!==e.status||t.answer?.text!==e.answer?.text}#d({seq:e,answer:t}){let r=this.#t.get(e);return!r||t!==null&&r.answer===null}#c(e){for(let t of e){let r=this.#t.get(t.seq)?.picture_url;this.#t.set(t.seq,r&&t.picture_url?{...t,picture_url:r}:t)}}};function ur(s,e){return s.seq-e.seq}var kt={entity:"recipient",recipients:"recipients",config_entry_id:"account",title:"title",send_box:"send_box",show_price:"show_price",max_messages:"max_messages",height:"height",tap_action:"tap_action",show_when_idle:"alarm_show_when_idle"},pr=new Set(["entity","recipients","config_entry_id","max_messages","height","tap_action"]),mr={send_box:!0,show_price:!0},Pe={filter:{integration:"inteltele",domain:"notify"}},fr=[{name:"entity",selector:{entity:Pe}},{name:"recipients",selector:{entity:{...Pe,multiple:!0}}},{name:"config_entry_id",selector:{config_entry:{integration:"inteltele"}}},{name:"title",selector:{text:{}}},{name:"send_box",selector:{boolean:{}}},{name:"show_price",selector:{boolean:{}}},{name:"max_messages",selector:{number:{min:1,max:1e3,mode:"box"}}},{name:"height",selector:{number:{min:200,max:4e3,mode:"box",unit_of_measurement:"px"}}},{name:"tap_action",selector:{ui_action:{default_action:"none"}}}],gr=[{name:"recipients",selector:{entity:{...Pe,multiple:!0}}},{name:"config_entry_id",selector:{config_entry:{integration:"inteltele"}}},{name:"show_when_idle",selector:{boolean:{}}}],me=class extends v{static properties={hass:{attribute:!1},_config:{state:!0},_texts:{state:!0}};_schema=fr;_labels=kt;_helped=pr;_defaults=mr;setConfig(e){this._config=e}willUpdate(){!this._texts&&this.hass&&N.load(this.hass).then(e=>{this._texts=e})}render(){let{_config:e,_texts:t}=this;if(!e||!t)return c;let r=Ct(e);return l`<ha-form
      .hass=${this.hass}
      .data=${{...this._defaults,...e}}
      .schema=${this._schema.filter(({name:i})=>!r.includes(i)&&!_r(e,i))}
      .computeLabel=${({name:i})=>t.card(this._labels[i])}
      .computeHelper=${({name:i})=>this._helped.has(i)?t.card(`${this._labels[i]}_help`):void 0}
      @value-changed=${this._changed}
    ></ha-form>`}_changed(e){e.stopPropagation();let{value:t}=e.detail,r=Ct(t),i=Object.fromEntries(Object.entries(t).filter(([n,o])=>o!==void 0&&o!==""&&!(Array.isArray(o)&&o.length===0)&&o!==this._defaults[n]&&!r.includes(n)));this.dispatchEvent(new CustomEvent("config-changed",{detail:{config:i},bubbles:!0,composed:!0}))}};function Ct({entity:s,recipients:e}){return s?["recipients","config_entry_id"]:e?.length?["config_entry_id"]:[]}function _r({height:s},e){return e==="height"&&typeof s=="string"}var Ne=class extends me{_schema=gr;_labels={...kt,recipients:"alarm_recipients"};_helped=new Set(["recipients"]);_defaults={show_when_idle:!1}};customElements.define("inteltele-messages-card-editor",me);customElements.define(`${P}-editor`,Ne);var Oe="inteltele-picture-dialog";function Et(s,e){let t={dialogTag:Oe,dialogImport:()=>Promise.resolve(),dialogParams:e};s.dispatchEvent(new CustomEvent("show-dialog",{detail:t,bubbles:!0,composed:!0}))}var Ue=class extends v{static properties={_shown:{state:!0},_small:{state:!0}};async showDialog(e){this._shown=e,this._small=!1,await this.updateComplete,this.renderRoot.querySelector("dialog")?.showModal()}closeDialog(){return this._close(),!0}render(){if(!this._shown)return c;let{message:e,texts:t}=this._shown,r=this._small?e.picture_url:e.full_picture_url;return l`<dialog
      aria-label=${t.card("picture")}
      @click=${this._close}
      @close=${this._closed}
      @keydown=${this._keyDown}
    >
      <img
        src=${r??""}
        alt=${t.card("picture")}
        @error=${()=>{this._small=!0}}
      />
      <button aria-label=${t.card("close")} title=${t.card("close")}>${_("close")}</button>
    </dialog>`}_close(){this.renderRoot.querySelector("dialog")?.close()}_closed(){this._shown=void 0;let e={dialog:Oe};this.dispatchEvent(new CustomEvent("dialog-closed",{detail:e,bubbles:!0,composed:!0}))}_keyDown(e){e.key==="Tab"&&e.preventDefault(),e.stopPropagation()}static styles=b`
    dialog {
      position: fixed;
      inset: 0;
      box-sizing: border-box;
      width: 100%;
      max-width: none;
      height: 100%;
      max-height: none;
      margin: 0;
      border: 0;
      padding: 0;
      background: rgb(0 0 0 / 88%);
      overflow: auto;
      cursor: zoom-out;
    }
    dialog[open] {
      display: grid;
      place-items: center;
    }
    img {
      max-width: 100vw;
      max-height: 100dvh;
      object-fit: contain;
    }
    button {
      position: fixed;
      inset-block-start: calc(12px + env(safe-area-inset-top, 0px));
      inset-inline-end: 12px;
      width: 48px;
      height: 48px;
      border: 0;
      border-radius: 50%;
      background: rgb(0 0 0 / 70%);
      color: #fff;
      cursor: pointer;
    }
    button:focus-visible {
      outline: 2px solid #fff;
    }
    svg {
      width: 24px;
      height: 24px;
      fill: currentColor;
      vertical-align: middle;
    }
  `};customElements.define(Oe,Ue);var fe=class{atEnd=!0;unread=0;firstUnread;#e;#r;#t=new ResizeObserver(()=>this.#l());#i=0;#s;#n=0;constructor(e,t){this.#e=e,this.#r=t,e.addController(this)}hostUpdated(){this.#l(),this.#t.disconnect();for(let e of this.#e.renderRoot.querySelectorAll(".scroller, ol"))this.#t.observe(e)}count(e){let t=Number(this.#s?.dataset.seq??0),r=this.atEnd?[]:e.filter(i=>i>=t);r.length>0&&this.unread===0?this.firstUnread=Math.min(...r):this.atEnd&&e.length>0&&(this.firstUnread=void 0),this.unread+=r.length}toNewest(){this.#a(!0),this.#l()}scrolled=()=>{let e=this.#o;if(!e)return;let{scrollTop:t,scrollHeight:r,clientHeight:i}=e;r-t-i<48?this.#a(!0):t<this.#i&&this.#a(!1),this.#i=t,this.#s=[...e.querySelectorAll(".bubble")].find(n=>ze(n,e)+n.clientHeight>0),this.#n=this.#s?ze(this.#s,e):0,t<48&&!this.atEnd&&this.#r()};get#o(){return this.#e.renderRoot.querySelector(".scroller")}#a(e){e&&(this.unread=0),e!==this.atEnd&&(this.atEnd=e,this.#e.requestUpdate())}#l(){let e=this.#o;if(!e)return;let t=this.atEnd?e.scrollHeight-e.clientHeight-e.scrollTop:this.#s?.isConnected?ze(this.#s,e)-this.#n:0;Math.abs(t)>=1&&(e.scrollTop+=t)}};function ze(s,e){return s.getBoundingClientRect().top-e.getBoundingClientRect().top}var De=1e3,vr=200,br=400,Ie=class extends v{static properties={hass:{attribute:!1},texts:{attribute:!1},recipients:{attribute:!1},_chosen:{state:!0},_sending:{state:!0},_error:{state:!0},_left:{state:!0},_size:{state:!0},_spoken:{state:!0}};_pause;constructor(){super(),this._sending=!1,this._left=De}disconnectedCallback(){super.disconnectedCallback(),clearTimeout(this._pause)}render(){let{texts:e,recipients:t}=this;return l`
      ${this._error?l`<p role="alert">${this._error}</p>`:c}
      <form @submit=${this._submit}>
        ${t.length>1?this._choice():c}
        <textarea
          rows="1"
          maxlength=${De}
          aria-label=${e.card("text")}
          aria-describedby="room"
          placeholder=${e.card("text")}
          ?readonly=${this._sending}
          @input=${this._count}
          @keydown=${this._keyDown}
        ></textarea>
        <button type="submit" aria-label=${e.card("send")} title=${e.card("send")} ?disabled=${this._sending}>
          ${_("send")}
        </button>
      </form>
      <p id="room">${this._room}</p>
      <div class="unseen" role="status">${this._spoken}</div>
    `}get _room(){let{texts:e,_left:t,_size:r}=this,i=String(r?.sms_parts),n=r?.shortened?e.card("sms_shortened",{count:i}):e.card("sms_parts",{count:i});return[r?.sms_parts?n:"",t>vr?"":e.card("characters_left",{count:String(t)})].filter(Boolean).join(" · ")}get _text(){return this.renderRoot.querySelector("textarea")?.value??""}_count(){this._left=De-this._text.length,clearTimeout(this._pause),this._pause=setTimeout(()=>{this._countParts()},br)}async _countParts(){let{hass:e,_text:t,_to:r}=this,i="inteltele/messages/preview",n;if(t.trim()&&r)try{n=await e.callWS({type:i,recipient:r,message:t})}catch{}t===this._text&&r===this._to&&(this._size=n,this._spoken=this._room)}_choice(){return l`<select aria-label=${this.texts.card("to")} @change=${this._choose}>
      ${this.recipients.map(({entity_id:e,name:t})=>l`<option value=${e} ?selected=${e===this._to}>${t}</option>`)}
    </select>`}get _to(){let e=this.recipients.map(({entity_id:t})=>t);return e.find(t=>t===this._chosen)??e[0]}_choose(e){this._chosen=e.target.value,this._size=void 0,this._count()}_keyDown(e){e.key==="Enter"&&!e.shiftKey&&!e.isComposing&&(e.preventDefault(),this.renderRoot.querySelector("form")?.requestSubmit())}async _submit(e){e.preventDefault();let t=this.renderRoot.querySelector("textarea"),r=this._to;if(!t?.value.trim()||!r||this._sending){t?.focus();return}this._sending=!0,this._error=void 0,this.dispatchEvent(new CustomEvent("inteltele-sending"));try{await this.hass.callService("inteltele","send_message",{message:t.value},{entity_id:r},!1),t.value="",this._size=void 0,this._count()}catch(i){this._error=this.texts.refusal(i)}finally{this._sending=!1,t.focus()}}static styles=b`
    :host {
      display: block;
      border-block-start: 1px solid var(--divider-color);
      padding: 8px 12px;
    }
    form {
      display: flex;
      align-items: end;
      gap: 8px;
      max-width: 46rem;
      margin-inline: auto;
    }
    textarea,
    select {
      box-sizing: border-box;
      min-height: 40px;
      border: 1px solid var(--input-idle-line-color, var(--divider-color));
      border-radius: 20px;
      padding: 9px 14px;
      font: inherit;
      /* A phone zooms in on what is smaller. */
      font-size: 16px;
      line-height: 20px;
      background: var(--card-background-color);
      color: var(--primary-text-color);
    }
    select {
      max-width: 35%;
      padding-block: 8px;
    }
    textarea {
      flex: 1;
      min-width: 0;
      max-height: min(8.5em, 25dvh);
      resize: none;
      field-sizing: content;
    }
    textarea::placeholder {
      color: var(--secondary-text-color);
      opacity: 1;
    }
    @container (max-width: 30rem) {
      form {
        flex-wrap: wrap;
      }
      select {
        flex: 1 0 100%;
        max-width: none;
      }
    }
    button {
      flex: none;
      width: 40px;
      height: 40px;
      border: 0;
      border-radius: 50%;
      background: var(--primary-color);
      color: var(--text-primary-color, #fff);
      cursor: pointer;
    }
    button:disabled {
      opacity: 0.5;
      cursor: progress;
    }
    :is(textarea, select, button):focus-visible {
      outline: 2px solid var(--primary-color);
      outline-offset: 2px;
    }
    svg {
      width: 20px;
      height: 20px;
      fill: currentColor;
      vertical-align: middle;
    }
    form:dir(rtl) svg {
      transform: scaleX(-1);
    }
    #room {
      max-width: 46rem;
      margin: 4px auto 0;
      padding-inline: 15px;
      font-size: 0.85em;
      color: var(--secondary-text-color);
    }
    #room:empty {
      display: none;
    }
    .unseen {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    [role="alert"] {
      margin: 0 0 8px;
      color: color-mix(in srgb, var(--error-color) 55%, var(--primary-text-color));
    }
  `};customElements.define("inteltele-send-box",Ie);var St=b`
  :host {
    /* The card is laid out by its own width, wherever it stands. */
    container-type: inline-size;
    display: block;
    height: 100%;
    --_out: var(
      --inteltele-bubble-color,
      color-mix(in srgb, var(--primary-color) 16%, var(--card-background-color))
    );
    --_sms: var(
      --inteltele-sms-bubble-color,
      color-mix(in srgb, var(--success-color) 22%, var(--card-background-color))
    );
    --_failed: var(
      --inteltele-failed-bubble-color,
      color-mix(in srgb, var(--error-color) 14%, var(--card-background-color))
    );
    --_unknown: var(
      --inteltele-unknown-bubble-color,
      color-mix(in srgb, var(--warning-color) 16%, var(--card-background-color))
    );
    --_in: var(--inteltele-answer-color, var(--secondary-background-color));
    /* The colours of themes are too pale for small text. */
    --_link: color-mix(in srgb, var(--primary-color) 45%, var(--primary-text-color));
  }
  ha-card {
    display: flex;
    flex-direction: column;
    height: var(--_height, 30rem);
    overflow: hidden;
  }
  :host([layout="grid"]) ha-card {
    height: 100%;
  }
  :host([layout="panel"]) ha-card {
    height: var(
      --_height,
      calc(
        100dvh - var(--header-height, 56px) - var(--safe-area-inset-top, 0px) -
          var(--safe-area-inset-bottom, 0px)
      )
    );
    min-height: 15rem;
  }
  h2 {
    flex: none;
    margin: 0;
    border-block-end: 1px solid var(--divider-color);
    padding: 12px 16px;
    overflow: hidden;
    color: var(--ha-card-header-color, var(--primary-text-color));
    font-size: var(--ha-font-size-l, 16px);
    font-weight: var(--ha-font-weight-medium, 500);
    line-height: 1.3;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .alarms {
    border-block-end: 1px solid var(--divider-color);
  }
  .alarms:not(:has(.open)) {
    /* What is over leaves the conversation its room. */
    max-height: 9.5rem;
  }
  h2 button {
    display: block;
    width: 100%;
    border: 0;
    padding: 0;
    overflow: hidden;
    background: none;
    color: inherit;
    font: inherit;
    text-align: start;
    text-overflow: ellipsis;
    cursor: pointer;
  }
  .conversation {
    /* Where nothing gives the card a height, this does: all but heading and box. */
    flex: 1 99 calc(var(--_height, 30rem) - 6.5rem);
    display: flex;
    flex-direction: column;
    position: relative;
    min-height: 0;
  }
  .scroller {
    flex: 1;
    min-height: 0;
    padding: 8px 12px;
    overflow-y: auto;
    overscroll-behavior: contain;
    overflow-anchor: none;
  }
  .scroller:focus-visible {
    outline: 2px solid var(--primary-color);
    outline-offset: -2px;
  }
  ol {
    display: flex;
    flex-direction: column;
    gap: 6px;
    max-width: 46rem;
    margin: 0 auto;
    padding: 0;
    list-style: none;
  }
  .day {
    align-self: center;
    margin-block: 4px;
    border-radius: 12px;
    padding: 2px 10px;
    background: var(--secondary-background-color);
    color: var(--_quiet);
    font-size: var(--ha-font-size-s, 12px);
  }
  .new {
    align-self: stretch;
    background: none;
    color: var(--_link);
    font-weight: 500;
    text-align: center;
    border-block-start: 2px solid var(--primary-color);
    border-radius: 0;
  }
  .bubble {
    box-sizing: border-box;
    max-width: min(85%, 30rem);
    border-radius: var(--inteltele-bubble-radius, 16px);
    padding: 8px 12px;
    color: var(--inteltele-bubble-text-color, var(--primary-text-color));
    overflow-wrap: anywhere;
  }
  .out {
    align-self: end;
    border-end-end-radius: 4px;
    background: var(--_out);
  }
  .out.sms {
    background: var(--_sms);
  }
  .out.failed {
    background: var(--_failed);
  }
  .out.unknown {
    background: var(--_unknown);
  }
  .in {
    align-self: start;
    border-end-start-radius: 4px;
    background: var(--_in);
    color: var(--inteltele-answer-text-color, var(--primary-text-color));
  }
  .whom,
  .none,
  .gone,
  .foot {
    color: color-mix(in srgb, currentColor 78%, transparent);
  }
  .whom {
    margin-block-end: 2px;
    font-size: var(--ha-font-size-s, 12px);
    font-weight: 500;
  }
  .whom .icon {
    margin-inline-end: 4px;
  }
  .text {
    white-space: pre-wrap;
  }
  .text strong {
    display: block;
  }
  .text a {
    color: inherit;
  }
  .none,
  .gone {
    font-style: italic;
  }
  .picture {
    display: block;
    margin: 0 0 6px;
    border: 0;
    border-radius: 10px;
    padding: 0;
    background: none;
    cursor: zoom-in;
  }
  img {
    display: block;
    box-sizing: border-box;
    max-width: 100%;
    max-height: 220px;
    border-radius: 10px;
  }
  .button {
    width: fit-content;
    margin-block-start: 6px;
    /* It shows what is on the phone, and must not look as if it could be pressed. */
    border: 1px dashed currentColor;
    border-radius: 6px;
    padding: 3px 10px;
    font-size: var(--ha-font-size-s, 12px);
    font-weight: 500;
  }
  .foot {
    display: flex;
    flex-wrap: wrap;
    gap: 0 8px;
    align-items: center;
    justify-content: end;
    margin-block-start: 2px;
    font-size: var(--ha-font-size-s, 12px);
    white-space: nowrap;
  }
  .gone .icon {
    margin-inline-end: 6px;
  }
  .tick {
    line-height: 0;
  }
  .delivered .tick {
    color: color-mix(in srgb, var(--primary-color) 45%, currentColor);
  }
  .failed .tick,
  .failed .reason {
    color: color-mix(in srgb, var(--error-color) 55%, currentColor);
  }
  .reason {
    font-size: var(--ha-font-size-s, 12px);
    text-align: end;
  }
  .again {
    display: block;
    min-height: 32px;
    margin-block-start: 4px;
    margin-inline-start: auto;
    border: 1px solid currentColor;
    border-radius: 16px;
    padding: 4px 12px;
    background: none;
    color: inherit;
    font: inherit;
    font-size: var(--ha-font-size-s, 12px);
    font-weight: 500;
    cursor: pointer;
  }
  .again:disabled {
    cursor: progress;
  }
  button .icon {
    margin-inline-end: 6px;
  }
  .notice {
    flex: 1;
    align-content: center;
    margin: 0;
    padding: 16px;
    color: var(--_quiet);
    text-align: center;
  }
  .notice.error {
    color: var(--_alarm);
  }
  .older {
    display: block;
    min-height: 32px;
    margin: 0 auto 8px;
    border: 0;
    border-radius: 12px;
    padding: 6px 12px;
    background: none;
    color: var(--_link);
    font: inherit;
    cursor: pointer;
  }
  .newest {
    position: absolute;
    inset-block-end: 8px;
    inset-inline-end: max(16px, calc(50% - 22rem));
    min-height: 36px;
    max-width: calc(100% - 32px);
    border: 1px solid var(--divider-color);
    border-radius: 18px;
    padding: 6px 14px;
    background: var(--card-background-color);
    color: var(--_link);
    box-shadow: 0 1px 4px rgb(0 0 0 / 30%);
    font: inherit;
    font-weight: 500;
    cursor: pointer;
  }
  :is(.older, .newest, .again, .picture, h2 button, .text a):focus-visible {
    outline: 2px solid var(--primary-color);
    outline-offset: 2px;
  }
  @container (max-width: 16rem) {
    .scroller {
      padding: 6px;
    }
    .bubble {
      max-width: 95%;
      padding: 6px 10px;
    }
  }
`;var yr=5,qe=class extends U{static properties={layout:{reflect:!0},_announcements:{state:!0}};static styles=[ne,St];_conversation=new pe(this,(e,t)=>{this._announce(e),this._place.count(t)});_alarms=new L(this);_place=new fe(this,()=>{this._conversation.loadOlder()});_again=new F(this);_gone=new Set;constructor(){super(),this._announcements=[]}static getConfigElement(){return document.createElement("inteltele-messages-card-editor")}static getStubConfig(e){let t=Re(e);return t?{entity:t}:{}}setConfig(e){let t=ue(e);this._config=t,this._conversation.config=this._alarms.config=t;let r=Me(t);r===void 0?this.style.removeProperty("--_height"):this.style.setProperty("--_height",r)}getCardSize(){let e=this._config?.height;return typeof e=="number"?Math.ceil(e/50):10}getGridOptions(){return{columns:12,min_columns:9,rows:8,min_rows:5}}willUpdate(e){super.willUpdate(e),this._conversation.hass=this._alarms.hass=this.hass}render(){let{hass:e,_config:t,_texts:r}=this;if(!e||!t||!r)return l`<ha-card aria-busy="true"></ha-card>`;let i=this._conversation.account,n=t.entity?[t.entity]:t.recipients,o=(i?.recipients??[]).filter(({entity_id:a})=>!n?.length||n.includes(a)),d=t.title??(t.entity&&o[0]?.name||r.card("name"));return l`
      <ha-card dir=${this._direction}>
        <h2>${this._heading(d,t)}</h2>
        ${this._format?ie({alarms:this._alarms,texts:r,format:this._format}):c}
        ${this._content(r,e)}
        <div class="unseen" role="log">${this._announcements.map(a=>l`<p>${a}</p>`)}</div>
        ${o.length>0&&t.send_box!==!1?l`<inteltele-send-box
                .hass=${e}
                .texts=${r}
                .recipients=${o}
                @inteltele-sending=${()=>this._place.toNewest()}
              ></inteltele-send-box>`:c}
      </ha-card>
    `}_heading(e,t){return(t.tap_action?.action??"none")==="none"?l`<bdi>${e}</bdi>`:l`<button @click=${()=>this._tapped(t)}><bdi>${e}</bdi></button>`}_tapped(e){let t={config:e,action:"tap"};this.dispatchEvent(new CustomEvent("hass-action",{detail:t,bubbles:!0,composed:!0}))}_content(e,t){let{messages:r,error:i,account:n,hasOlder:o,loadingOlder:d}=this._conversation;if(!r||!n||!this._format)return i?l`<p class="notice error" role="alert">${e.error(i)}</p>`:l`<p class="notice" aria-busy="true">${e.card("loading")}</p>`;let a=this._context(e,this._format,n,t),{atEnd:u,unread:p}=this._place;return l`<div class="conversation">
      <div class="scroller" tabindex="0" role="region" aria-label=${e.card("messages")} @scroll=${this._place.scrolled}>
        ${i?l`<p class="notice error" role="alert">${e.error(i)}</p>`:c}
        ${o?l`<button class="older" ?disabled=${d} @click=${()=>this._conversation.loadOlder()}>${e.card("older")}</button>`:c}
        ${r.length>0?l`<ol>${this._items(r,a)}</ol>`:l`<p class="notice">${e.card("empty")}</p>`}
      </div>
      ${u?c:l`<button class="newest" @click=${this._toNewest}>
              ${_("newest")}${p>0?e.card("to_newest_count",{count:String(p)}):e.card("to_newest")}
            </button>`}
    </div>`}_context(e,t,r,i){let{entity:n,show_price:o,send_box:d}=this._config??{};return{texts:e,format:t,currency:o===!1?void 0:r.currency,showRecipient:!n,goneFrom:this._gone,again:this._again,onPictureGone:a=>{this._gone.add(a),this.requestUpdate()},onPicture:a=>Et(this,{message:a,texts:e}),onAgain:a=>{let u=d===!1?void 0:F.fields(a,r,i);return u&&(async()=>{await this._again.send(a,u,i,e)&&this._toNewest()})}}}_toNewest(){this.renderRoot.querySelector(".scroller")?.focus(),this._place.toNewest()}_items(e,t){let r=e.map(({sent_at:i})=>t.format.day(i));return te(e,({seq:i})=>i,(i,n)=>l`
        ${r[n]===r[n-1]?c:l`<li class="day">${r[n]}</li>`}
        ${i.seq===this._place.firstUnread?l`<li class="day new">${t.texts.card("new")}</li>`:c}
        ${At(i,t)}
      `)}_announce(e){let t=e.map(r=>this._texts?.spoken(r)??"");this._announcements=[...this._announcements,...t].slice(-yr)}};customElements.define(de,qe);export{qe as MessagesCard};
/*! Bundled license information:

@lit/reactive-element/css-tag.js:
  (**
   * @license
   * Copyright 2019 Google LLC
   * SPDX-License-Identifier: BSD-3-Clause
   *)

@lit/reactive-element/reactive-element.js:
lit-html/lit-html.js:
lit-element/lit-element.js:
lit-html/directive.js:
lit-html/directives/repeat.js:
  (**
   * @license
   * Copyright 2017 Google LLC
   * SPDX-License-Identifier: BSD-3-Clause
   *)

lit-html/is-server.js:
  (**
   * @license
   * Copyright 2022 Google LLC
   * SPDX-License-Identifier: BSD-3-Clause
   *)

lit-html/directive-helpers.js:
  (**
   * @license
   * Copyright 2020 Google LLC
   * SPDX-License-Identifier: BSD-3-Clause
   *)
*/
