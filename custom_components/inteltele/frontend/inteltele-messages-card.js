// Made by scripts/card from frontend/; the sources' fingerprint is 46aab0cf4b434e9396711a08bd11d6bdb0b997900a3493ceb156f98f68e4938e.
var z=globalThis,V=z.ShadowRoot&&(z.ShadyCSS===void 0||z.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,ne=Symbol(),Ce=new WeakMap,L=class{constructor(e,t,i){if(this._$cssResult$=!0,i!==ne)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=e,this.t=t}get styleSheet(){let e=this.o,t=this.t;if(V&&e===void 0){let i=t!==void 0&&t.length===1;i&&(e=Ce.get(t)),e===void 0&&((this.o=e=new CSSStyleSheet).replaceSync(this.cssText),i&&Ce.set(t,e))}return e}toString(){return this.cssText}},Ee=s=>new L(typeof s=="string"?s:s+"",void 0,ne),A=(s,...e)=>{let t=s.length===1?s[0]:e.reduce((i,r,n)=>i+(o=>{if(o._$cssResult$===!0)return o.cssText;if(typeof o=="number")return o;throw Error("Value passed to 'css' function must be a 'css' function result: "+o+". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.")})(r)+s[n+1],s[0]);return new L(t,s,ne)},Se=(s,e)=>{if(V)s.adoptedStyleSheets=e.map(t=>t instanceof CSSStyleSheet?t:t.styleSheet);else for(let t of e){let i=document.createElement("style"),r=z.litNonce;r!==void 0&&i.setAttribute("nonce",r),i.textContent=t.cssText,s.appendChild(i)}},oe=V?s=>s:s=>s instanceof CSSStyleSheet?(e=>{let t="";for(let i of e.cssRules)t+=i.cssText;return Ee(t)})(s):s;var{is:ht,defineProperty:ut,getOwnPropertyDescriptor:pt,getOwnPropertyNames:mt,getOwnPropertySymbols:ft,getPrototypeOf:gt}=Object,q=globalThis,Te=q.trustedTypes,_t=Te?Te.emptyScript:"",vt=q.reactiveElementPolyfillSupport,P=(s,e)=>s,ae={toAttribute(s,e){switch(e){case Boolean:s=s?_t:null;break;case Object:case Array:s=s==null?s:JSON.stringify(s)}return s},fromAttribute(s,e){let t=s;switch(e){case Boolean:t=s!==null;break;case Number:t=s===null?null:Number(s);break;case Object:case Array:try{t=JSON.parse(s)}catch{t=null}}return t}},Re=(s,e)=>!ht(s,e),ke={attribute:!0,type:String,converter:ae,reflect:!1,useDefault:!1,hasChanged:Re};Symbol.metadata??=Symbol("metadata"),q.litPropertyMetadata??=new WeakMap;var y=class extends HTMLElement{static addInitializer(e){this._$Ei(),(this.l??=[]).push(e)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(e,t=ke){if(t.state&&(t.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(e)&&((t=Object.create(t)).wrapped=!0),this.elementProperties.set(e,t),!t.noAccessor){let i=Symbol(),r=this.getPropertyDescriptor(e,i,t);r!==void 0&&ut(this.prototype,e,r)}}static getPropertyDescriptor(e,t,i){let{get:r,set:n}=pt(this.prototype,e)??{get(){return this[t]},set(o){this[t]=o}};return{get:r,set(o){let c=r?.call(this);n?.call(this,o),this.requestUpdate(e,c,i)},configurable:!0,enumerable:!0}}static getPropertyOptions(e){return this.elementProperties.get(e)??ke}static _$Ei(){if(this.hasOwnProperty(P("elementProperties")))return;let e=gt(this);e.finalize(),e.l!==void 0&&(this.l=[...e.l]),this.elementProperties=new Map(e.elementProperties)}static finalize(){if(this.hasOwnProperty(P("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(P("properties"))){let t=this.properties,i=[...mt(t),...ft(t)];for(let r of i)this.createProperty(r,t[r])}let e=this[Symbol.metadata];if(e!==null){let t=litPropertyMetadata.get(e);if(t!==void 0)for(let[i,r]of t)this.elementProperties.set(i,r)}this._$Eh=new Map;for(let[t,i]of this.elementProperties){let r=this._$Eu(t,i);r!==void 0&&this._$Eh.set(r,t)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(e){let t=[];if(Array.isArray(e)){let i=new Set(e.flat(1/0).reverse());for(let r of i)t.unshift(oe(r))}else e!==void 0&&t.push(oe(e));return t}static _$Eu(e,t){let i=t.attribute;return i===!1?void 0:typeof i=="string"?i:typeof e=="string"?e.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(e=>this.enableUpdating=e),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(e=>e(this))}addController(e){(this._$EO??=new Set).add(e),this.renderRoot!==void 0&&this.isConnected&&e.hostConnected?.()}removeController(e){this._$EO?.delete(e)}_$E_(){let e=new Map,t=this.constructor.elementProperties;for(let i of t.keys())this.hasOwnProperty(i)&&(e.set(i,this[i]),delete this[i]);e.size>0&&(this._$Ep=e)}createRenderRoot(){let e=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return Se(e,this.constructor.elementStyles),e}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(e=>e.hostConnected?.())}enableUpdating(e){}disconnectedCallback(){this._$EO?.forEach(e=>e.hostDisconnected?.())}attributeChangedCallback(e,t,i){this._$AK(e,i)}_$ET(e,t){let i=this.constructor.elementProperties.get(e),r=this.constructor._$Eu(e,i);if(r!==void 0&&i.reflect===!0){let n=(i.converter?.toAttribute!==void 0?i.converter:ae).toAttribute(t,i.type);this._$Em=e,n==null?this.removeAttribute(r):this.setAttribute(r,n),this._$Em=null}}_$AK(e,t){let i=this.constructor,r=i._$Eh.get(e);if(r!==void 0&&this._$Em!==r){let n=i.getPropertyOptions(r),o=typeof n.converter=="function"?{fromAttribute:n.converter}:n.converter?.fromAttribute!==void 0?n.converter:ae;this._$Em=r;let c=o.fromAttribute(t,n.type);this[r]=c??this._$Ej?.get(r)??c,this._$Em=null}}requestUpdate(e,t,i,r=!1,n){if(e!==void 0){let o=this.constructor;if(r===!1&&(n=this[e]),i??=o.getPropertyOptions(e),!((i.hasChanged??Re)(n,t)||i.useDefault&&i.reflect&&n===this._$Ej?.get(e)&&!this.hasAttribute(o._$Eu(e,i))))return;this.C(e,t,i)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(e,t,{useDefault:i,reflect:r,wrapped:n},o){i&&!(this._$Ej??=new Map).has(e)&&(this._$Ej.set(e,o??t??this[e]),n!==!0||o!==void 0)||(this._$AL.has(e)||(this.hasUpdated||i||(t=void 0),this._$AL.set(e,t)),r===!0&&this._$Em!==e&&(this._$Eq??=new Set).add(e))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(t){Promise.reject(t)}let e=this.scheduleUpdate();return e!=null&&await e,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[r,n]of this._$Ep)this[r]=n;this._$Ep=void 0}let i=this.constructor.elementProperties;if(i.size>0)for(let[r,n]of i){let{wrapped:o}=n,c=this[r];o!==!0||this._$AL.has(r)||c===void 0||this.C(r,void 0,n,c)}}let e=!1,t=this._$AL;try{e=this.shouldUpdate(t),e?(this.willUpdate(t),this._$EO?.forEach(i=>i.hostUpdate?.()),this.update(t)):this._$EM()}catch(i){throw e=!1,this._$EM(),i}e&&this._$AE(t)}willUpdate(e){}_$AE(e){this._$EO?.forEach(t=>t.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(e)),this.updated(e)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(e){return!0}update(e){this._$Eq&&=this._$Eq.forEach(t=>this._$ET(t,this[t])),this._$EM()}updated(e){}firstUpdated(e){}};y.elementStyles=[],y.shadowRootOptions={mode:"open"},y[P("elementProperties")]=new Map,y[P("finalized")]=new Map,vt?.({ReactiveElement:y}),(q.reactiveElementVersions??=[]).push("2.1.2");var ce=globalThis,Me=s=>s,B=ce.trustedTypes,He=B?B.createPolicy("lit-html",{createHTML:s=>s}):void 0,de="$lit$",x=`lit$${Math.random().toFixed(9).slice(2)}$`,he="?"+x,bt=`<${he}>`,S=document,U=()=>S.createComment(""),O=s=>s===null||typeof s!="object"&&typeof s!="function",ue=Array.isArray,Ie=s=>ue(s)||typeof s?.[Symbol.iterator]=="function",le=`[ 	
\f\r]`,N=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,Le=/-->/g,Pe=/>/g,C=RegExp(`>|${le}(?:([^\\s"'>=/]+)(${le}*=${le}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),Ne=/'/g,Ue=/"/g,De=/^(?:script|style|textarea|title)$/i,pe=s=>(e,...t)=>({_$litType$:s,strings:e,values:t}),d=pe(1),ze=pe(2),Wt=pe(3),$=Symbol.for("lit-noChange"),h=Symbol.for("lit-nothing"),Oe=new WeakMap,E=S.createTreeWalker(S,129);function Ve(s,e){if(!ue(s)||!s.hasOwnProperty("raw"))throw Error("invalid template strings array");return He!==void 0?He.createHTML(e):e}var qe=(s,e)=>{let t=s.length-1,i=[],r,n=e===2?"<svg>":e===3?"<math>":"",o=N;for(let c=0;c<t;c++){let a=s[c],u,m,l=-1,f=0;for(;f<a.length&&(o.lastIndex=f,m=o.exec(a),m!==null);)f=o.lastIndex,o===N?m[1]==="!--"?o=Le:m[1]!==void 0?o=Pe:m[2]!==void 0?(De.test(m[2])&&(r=RegExp("</"+m[2],"g")),o=C):m[3]!==void 0&&(o=C):o===C?m[0]===">"?(o=r??N,l=-1):m[1]===void 0?l=-2:(l=o.lastIndex-m[2].length,u=m[1],o=m[3]===void 0?C:m[3]==='"'?Ue:Ne):o===Ue||o===Ne?o=C:o===Le||o===Pe?o=N:(o=C,r=void 0);let p=o===C&&s[c+1].startsWith("/>")?" ":"";n+=o===N?a+bt:l>=0?(i.push(u),a.slice(0,l)+de+a.slice(l)+x+p):a+x+(l===-2?c:p)}return[Ve(s,n+(s[t]||"<?>")+(e===2?"</svg>":e===3?"</math>":"")),i]},I=class s{constructor({strings:e,_$litType$:t},i){let r;this.parts=[];let n=0,o=0,c=e.length-1,a=this.parts,[u,m]=qe(e,t);if(this.el=s.createElement(u,i),E.currentNode=this.el.content,t===2||t===3){let l=this.el.content.firstChild;l.replaceWith(...l.childNodes)}for(;(r=E.nextNode())!==null&&a.length<c;){if(r.nodeType===1){if(r.hasAttributes())for(let l of r.getAttributeNames())if(l.endsWith(de)){let f=m[o++],p=r.getAttribute(l).split(x),g=/([.?@])?(.*)/.exec(f);a.push({type:1,index:n,name:g[2],strings:p,ctor:g[1]==="."?j:g[1]==="?"?W:g[1]==="@"?Z:k}),r.removeAttribute(l)}else l.startsWith(x)&&(a.push({type:6,index:n}),r.removeAttribute(l));if(De.test(r.tagName)){let l=r.textContent.split(x),f=l.length-1;if(f>0){r.textContent=B?B.emptyScript:"";for(let p=0;p<f;p++)r.append(l[p],U()),E.nextNode(),a.push({type:2,index:++n});r.append(l[f],U())}}}else if(r.nodeType===8)if(r.data===he)a.push({type:2,index:n});else{let l=-1;for(;(l=r.data.indexOf(x,l+1))!==-1;)a.push({type:7,index:n}),l+=x.length-1}n++}}static createElement(e,t){let i=S.createElement("template");return i.innerHTML=e,i}};function T(s,e,t=s,i){if(e===$)return e;let r=i!==void 0?t._$Co?.[i]:t._$Cl,n=O(e)?void 0:e._$litDirective$;return r?.constructor!==n&&(r?._$AO?.(!1),n===void 0?r=void 0:(r=new n(s),r._$AT(s,t,i)),i!==void 0?(t._$Co??=[])[i]=r:t._$Cl=r),r!==void 0&&(e=T(s,r._$AS(s,e.values),r,i)),e}var F=class{constructor(e,t){this._$AV=[],this._$AN=void 0,this._$AD=e,this._$AM=t}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(e){let{el:{content:t},parts:i}=this._$AD,r=(e?.creationScope??S).importNode(t,!0);E.currentNode=r;let n=E.nextNode(),o=0,c=0,a=i[0];for(;a!==void 0;){if(o===a.index){let u;a.type===2?u=new R(n,n.nextSibling,this,e):a.type===1?u=new a.ctor(n,a.name,a.strings,this,e):a.type===6&&(u=new Y(n,this,e)),this._$AV.push(u),a=i[++c]}o!==a?.index&&(n=E.nextNode(),o++)}return E.currentNode=S,r}p(e){let t=0;for(let i of this._$AV)i!==void 0&&(i.strings!==void 0?(i._$AI(e,i,t),t+=i.strings.length-2):i._$AI(e[t])),t++}},R=class s{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(e,t,i,r){this.type=2,this._$AH=h,this._$AN=void 0,this._$AA=e,this._$AB=t,this._$AM=i,this.options=r,this._$Cv=r?.isConnected??!0}get parentNode(){let e=this._$AA.parentNode,t=this._$AM;return t!==void 0&&e?.nodeType===11&&(e=t.parentNode),e}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(e,t=this){e=T(this,e,t),O(e)?e===h||e==null||e===""?(this._$AH!==h&&this._$AR(),this._$AH=h):e!==this._$AH&&e!==$&&this._(e):e._$litType$!==void 0?this.$(e):e.nodeType!==void 0?this.T(e):Ie(e)?this.k(e):this._(e)}O(e){return this._$AA.parentNode.insertBefore(e,this._$AB)}T(e){this._$AH!==e&&(this._$AR(),this._$AH=this.O(e))}_(e){this._$AH!==h&&O(this._$AH)?this._$AA.nextSibling.data=e:this.T(S.createTextNode(e)),this._$AH=e}$(e){let{values:t,_$litType$:i}=e,r=typeof i=="number"?this._$AC(e):(i.el===void 0&&(i.el=I.createElement(Ve(i.h,i.h[0]),this.options)),i);if(this._$AH?._$AD===r)this._$AH.p(t);else{let n=new F(r,this),o=n.u(this.options);n.p(t),this.T(o),this._$AH=n}}_$AC(e){let t=Oe.get(e.strings);return t===void 0&&Oe.set(e.strings,t=new I(e)),t}k(e){ue(this._$AH)||(this._$AH=[],this._$AR());let t=this._$AH,i,r=0;for(let n of e)r===t.length?t.push(i=new s(this.O(U()),this.O(U()),this,this.options)):i=t[r],i._$AI(n),r++;r<t.length&&(this._$AR(i&&i._$AB.nextSibling,r),t.length=r)}_$AR(e=this._$AA.nextSibling,t){for(this._$AP?.(!1,!0,t);e!==this._$AB;){let i=Me(e).nextSibling;Me(e).remove(),e=i}}setConnected(e){this._$AM===void 0&&(this._$Cv=e,this._$AP?.(e))}},k=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(e,t,i,r,n){this.type=1,this._$AH=h,this._$AN=void 0,this.element=e,this.name=t,this._$AM=r,this.options=n,i.length>2||i[0]!==""||i[1]!==""?(this._$AH=Array(i.length-1).fill(new String),this.strings=i):this._$AH=h}_$AI(e,t=this,i,r){let n=this.strings,o=!1;if(n===void 0)e=T(this,e,t,0),o=!O(e)||e!==this._$AH&&e!==$,o&&(this._$AH=e);else{let c=e,a,u;for(e=n[0],a=0;a<n.length-1;a++)u=T(this,c[i+a],t,a),u===$&&(u=this._$AH[a]),o||=!O(u)||u!==this._$AH[a],u===h?e=h:e!==h&&(e+=(u??"")+n[a+1]),this._$AH[a]=u}o&&!r&&this.j(e)}j(e){e===h?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,e??"")}},j=class extends k{constructor(){super(...arguments),this.type=3}j(e){this.element[this.name]=e===h?void 0:e}},W=class extends k{constructor(){super(...arguments),this.type=4}j(e){this.element.toggleAttribute(this.name,!!e&&e!==h)}},Z=class extends k{constructor(e,t,i,r,n){super(e,t,i,r,n),this.type=5}_$AI(e,t=this){if((e=T(this,e,t,0)??h)===$)return;let i=this._$AH,r=e===h&&i!==h||e.capture!==i.capture||e.once!==i.once||e.passive!==i.passive,n=e!==h&&(i===h||r);r&&this.element.removeEventListener(this.name,this,i),n&&this.element.addEventListener(this.name,this,e),this._$AH=e}handleEvent(e){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,e):this._$AH.handleEvent(e)}},Y=class{constructor(e,t,i){this.element=e,this.type=6,this._$AN=void 0,this._$AM=t,this.options=i}get _$AU(){return this._$AM._$AU}_$AI(e){T(this,e)}},Be={M:de,P:x,A:he,C:1,L:qe,R:F,D:Ie,V:T,I:R,H:k,N:W,U:Z,B:j,F:Y},yt=ce.litHtmlPolyfillSupport;yt?.(I,R),(ce.litHtmlVersions??=[]).push("3.3.3");var Fe=(s,e,t)=>{let i=t?.renderBefore??e,r=i._$litPart$;if(r===void 0){let n=t?.renderBefore??null;i._$litPart$=r=new R(e.insertBefore(U(),n),n,void 0,t??{})}return r._$AI(s),r};var me=globalThis,_=class extends y{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let e=super.createRenderRoot();return this.renderOptions.renderBefore??=e.firstChild,e}update(e){let t=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(e),this._$Do=Fe(t,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return $}};_._$litElement$=!0,_.finalized=!0,me.litElementHydrateSupport?.({LitElement:_});var xt=me.litElementPolyfillSupport;xt?.({LitElement:_});(me.litElementVersions??=[]).push("4.2.2");var je={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},We=s=>(...e)=>({_$litDirective$:s,values:e}),K=class{constructor(e){}get _$AU(){return this._$AM._$AU}_$AT(e,t,i){this._$Ct=e,this._$AM=t,this._$Ci=i}_$AS(e,t){return this.update(e,t)}update(e,t){return this.render(...t)}};var{I:$t}=Be,Ze=s=>s;var Ye=()=>document.createComment(""),M=(s,e,t)=>{let i=s._$AA.parentNode,r=e===void 0?s._$AB:e._$AA;if(t===void 0){let n=i.insertBefore(Ye(),r),o=i.insertBefore(Ye(),r);t=new $t(n,o,s,s.options)}else{let n=t._$AB.nextSibling,o=t._$AM,c=o!==s;if(c){let a;t._$AQ?.(s),t._$AM=s,t._$AP!==void 0&&(a=s._$AU)!==o._$AU&&t._$AP(a)}if(n!==r||c){let a=t._$AA;for(;a!==n;){let u=Ze(a).nextSibling;Ze(i).insertBefore(a,r),a=u}}}return t},w=(s,e,t=s)=>(s._$AI(e,t),s),wt={},Ke=(s,e=wt)=>s._$AH=e,Ge=s=>s._$AH,G=s=>{s._$AR(),s._$AA.remove()};var Je=(s,e,t)=>{let i=new Map;for(let r=e;r<=t;r++)i.set(s[r],r);return i},Xe=We(class extends K{constructor(s){if(super(s),s.type!==je.CHILD)throw Error("repeat() can only be used in text expressions")}dt(s,e,t){let i;t===void 0?t=e:e!==void 0&&(i=e);let r=[],n=[],o=0;for(let c of s)r[o]=i?i(c,o):o,n[o]=t(c,o),o++;return{values:n,keys:r}}render(s,e,t){return this.dt(s,e,t).values}update(s,[e,t,i]){let r=Ge(s),{values:n,keys:o}=this.dt(e,t,i);if(!Array.isArray(r))return this.ut=o,n;let c=this.ut??=[],a=[],u,m,l=0,f=r.length-1,p=0,g=n.length-1;for(;l<=f&&p<=g;)if(r[l]===null)l++;else if(r[f]===null)f--;else if(c[l]===o[p])a[p]=w(r[l],n[p]),l++,p++;else if(c[f]===o[g])a[g]=w(r[f],n[g]),f--,g--;else if(c[l]===o[g])a[g]=w(r[l],n[g]),M(s,a[g+1],r[l]),l++,g--;else if(c[f]===o[p])a[p]=w(r[f],n[p]),M(s,r[l],r[f]),f--,p++;else if(u===void 0&&(u=Je(o,p,g),m=Je(c,l,f)),u.has(c[l]))if(u.has(c[f])){let b=m.get(o[p]),re=b!==void 0?r[b]:null;if(re===null){let Ae=M(s,r[l]);w(Ae,n[p]),a[p]=Ae}else a[p]=w(re,n[p]),M(s,r[l],re),r[b]=null;p++}else G(r[f]),f--;else G(r[l]),l++;for(;p<=g;){let b=M(s,a[g+1]);w(b,n[p]),a[p++]=b}for(;l<=f;){let b=r[l++];b!==null&&G(b)}return this.ut=o,Ke(s,a),$}});var At=/https?:\/\/[^\s<>"]+/gi,Ct=/[.,;:!?'’”»…]+$/u;function J(s){let[e,t]=/^\*([^*\n]+)\*(?:\n|$)/.exec(s)??[];return e&&t?{title:t,rest:s.slice(e.length)}:{rest:s}}function Qe(s){let e=[],t=0;for(let{0:i,index:r}of s.matchAll(At)){let n=et(i);URL.canParse(n)&&(e.push(s.slice(t,r),d`<a href=${n} target="_blank" rel="noopener noreferrer">${n}</a>`),t=r+n.length)}return[...e,s.slice(t)]}function et(s){let e=s.replace(Ct,"");return e.endsWith(")")&&!e.includes("(")?et(e.slice(0,-1)):e}var D=class{#e;#i=new Map;constructor(e){this.#e=e}static fields({number:e,status:t,text:i,channel:r},{recipients:n,entry_id:o},c){let a=n.find(l=>l.number===e)?.entity_id;if(t!=="failed"||i===null||!(a||c.user?.is_admin))return;let{title:u,rest:m}=J(i);return{...u&&m?{title:u,message:m}:{message:i},...a?{entity_id:a}:{to:e,config_entry_id:o},...r==="viber"?{}:{channel:r}}}isSending({seq:e}){return this.#i.get(e)==="sending"}wasSent({seq:e}){return this.#i.get(e)==="sent"}error({seq:e}){let t=this.#i.get(e);return typeof t=="object"?t.error:void 0}async send({seq:e},t,i,r){this.#t(e,"sending");try{await i.callService("inteltele","send_message",t,void 0,!1)}catch(n){return this.#t(e,{error:r.refusal(n)}),!1}return this.#t(e,"sent"),!0}#t(e,t){this.#i.set(e,t),this.#e.requestUpdate()}};var Et={queued:"M12,20A8,8 0 0,0 20,12A8,8 0 0,0 12,4A8,8 0 0,0 4,12A8,8 0 0,0 12,20M12,2A10,10 0 0,1 22,12A10,10 0 0,1 12,22C6.47,22 2,17.5 2,12A10,10 0 0,1 12,2M12.5,7V12.25L17,14.92L16.25,16.15L11,13V7H12.5Z",sent:"M21,7L9,19L3.5,13.5L4.91,12.09L9,16.17L19.59,5.59L21,7Z",delivered:"M0.41,13.41L6,19L7.41,17.58L1.83,12M22.24,5.58L11.66,16.17L7.5,12L6.07,13.41L11.66,19L23.66,7M18,7L16.59,5.58L10.24,11.93L11.66,13.34L18,7Z",failed:"M11,15H13V17H11V15M11,7H13V13H11V7M12,2C6.47,2 2,6.5 2,12A10,10 0 0,0 12,22A10,10 0 0,0 22,12A10,10 0 0,0 12,2M12,20A8,8 0 0,1 4,12A8,8 0 0,1 12,4A8,8 0 0,1 20,12A8,8 0 0,1 12,20Z",picture:"M19,19H5V5H19M19,3H5A2,2 0 0,0 3,5V19A2,2 0 0,0 5,21H19A2,2 0 0,0 21,19V5A2,2 0 0,0 19,3M13.96,12.29L11.21,15.83L9.25,13.47L6.5,17H17.5L13.96,12.29Z",answer:"M10,9V5L3,12L10,19V14.9C15,14.9 18.5,16.5 21,20C20,15 17,10 10,9Z",send:"M2,21L23,12L2,3V10L17,12L2,14V21Z",unknown:"M11,18H13V16H11V18M12,2A10,10 0 0,0 2,12A10,10 0 0,0 12,22A10,10 0 0,0 22,12A10,10 0 0,0 12,2M12,20C7.59,20 4,16.41 4,12C4,7.59 7.59,4 12,4C16.41,4 20,7.59 20,12C20,16.41 16.41,20 12,20M12,6A4,4 0 0,0 8,10H10A2,2 0 0,1 12,8A2,2 0 0,1 14,10C14,12 11,11.75 11,15H13C13,12.75 16,12.5 16,10A4,4 0 0,0 12,6Z",sms:"M20,2A2,2 0 0,1 22,4V16A2,2 0 0,1 20,18H6L2,22V4C2,2.89 2.9,2 4,2H20M4,4V17.17L5.17,16H20V4H4M6,7H18V9H6V7M6,11H15V13H6V11Z",again:"M17.65,6.35C16.2,4.9 14.21,4 12,4A8,8 0 0,0 4,12A8,8 0 0,0 12,20C15.73,20 18.84,17.45 19.73,14H17.65C16.83,16.33 14.61,18 12,18A6,6 0 0,1 6,12A6,6 0 0,1 12,6C13.66,6 15.14,6.69 16.22,7.78L13,11H20V4L17.65,6.35Z",newest:"M11,4H13V16L18.5,10.5L19.92,11.92L12,19.84L4.08,11.92L5.5,10.5L11,16V4Z",close:"M19,6.41L17.59,5L12,10.59L6.41,5L5,6.41L10.59,12L5,17.59L6.41,19L12,13.41L17.59,19L19,17.59L13.41,12L19,6.41Z"};function v(s){return ze`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${Et[s]} /></svg>`}function X({status:s,reason:e}){return s==="failed"&&e==="outcome_unknown"}function tt(s,e){let{texts:t,format:i,currency:r,showRecipient:n}=e,o=X(s)?"unknown":s.status,c=s.recipient??s.number;return d`
    <li class="bubble out ${o} ${s.channel}" data-seq=${s.seq}>
      ${n?d`<div class="whom" dir="auto">${c}</div>`:h}
      ${kt(s,e)} ${Tt(s,t)}
      ${s.button?d`<div class="button" dir="auto">${s.button}</div>`:h}
      <div class="foot">
        ${s.channel==="sms"?d`<span>${v("sms")} SMS</span>`:h}
        ${s.cost===null||r===void 0?h:d`<span>${i.price(s.cost,r)}</span>`}
        <time datetime=${s.sent_at}>${i.time(s.sent_at)}</time>
        ${Rt(s,o,t)}
      </div>
      ${s.status==="failed"?Mt(s,e):h}
    </li>
    ${s.answer?St(s.answer,s,e):h}
  `}function St(s,e,{texts:t,format:i}){return d`
    <li class="bubble in" data-seq=${e.seq}>
      <div class="whom" dir="auto">${v("answer")}${e.recipient??e.number}</div>
      <div class="text" dir="auto"><span class="unseen">${t.card("answer")}: </span>${s.text}</div>
      <div class="foot">
        <time datetime=${s.given_at}>${i.time(s.given_at)}</time>
      </div>
    </li>
  `}function Tt(s,e){if(s.text===null)return d`<div class="text none">${e.card("no_text")}</div>`;let{title:t,rest:i}=J(s.text);return d`<div class="text" dir="auto">${t?d`<strong>${t}</strong>`:h}${Qe(i)}</div>`}function kt(s,{texts:e,goneFrom:t,onPictureGone:i,onPicture:r}){return s.has_picture?s.picture_url===null||t.has(s.seq)?d`<div class="gone">${v("picture")}${e.card("picture_gone")}</div>`:d`<button class="picture" title=${e.card("open_picture")} @click=${()=>r(s)}>
    <img
      src=${s.picture_url}
      alt=${e.card("picture")}
      @error=${()=>i(s.seq)}
    />
  </button>`:h}function Rt(s,e,t){let i=t.status(s);return d`<span class="tick" role="img" aria-label=${i} title=${i}>${v(e)}</span>`}function Mt(s,e){let{texts:t,again:i,onAgain:r}=e,n=i.wasSent(s)?void 0:r(s),o=i.error(s),c=s.has_picture||s.button?t.card("send_text_again"):t.card("send_again");return d`
    <div class="reason">${t.status(s)}</div>
    ${n?d`<button class="again" ?disabled=${i.isSending(s)} @click=${n}>
            ${v("again")}${c}
          </button>`:h}
    ${o?d`<div class="reason" role="alert">${o}</div>`:h}
  `}function st(s){let{entity:e,recipients:t,max_messages:i}=s;if(e!==void 0&&!it(e))throw new Error("entity must be a notify entity of IntelTele");if(t!==void 0&&!(Array.isArray(t)&&t.length>0&&t.every(it)))throw new Error("recipients must be a list of notify entities of IntelTele; remove it to show all");if(e!==void 0&&t!==void 0)throw new Error("use either entity or recipients, not both");if(i!==void 0&&!(Number.isInteger(i)&&i>0))throw new Error("max_messages must be a whole number above zero");if(s.height!==void 0&&!CSS.supports("height",fe(s)??""))throw new Error("height must be a number of pixels, or a height as CSS knows them");return s}function fe({height:s}){return typeof s=="number"?`${s}px`:s}function it(s){return String(s).startsWith("notify.")}var Ht=new Set(["account_not_chosen","service_config_entry_not_found","service_found_no_config_entry_for_domain","unknown_recipient"]),Lt=100,Q=class{account;error;loadingOlder=!1;#e;#i;#t=new Map;#r;#s={};#c=Number.POSITIVE_INFINITY;#o=!1;#a=!1;#n;#h;#g;#d=2e3;#l=0;constructor(e,t){this.#e=e,this.#i=t,e.addController(this)}get messages(){return this.account&&this.#m.slice(-this.#c)}get hasOlder(){return this.#o&&this.#t.size<this.#c}get#m(){return[...this.#t.values()].sort(Nt)}hostConnected(){this.#a=!0,this.#u()}hostDisconnected(){this.#a=!1,this.#p()}set hass(e){this.#r=e,e?.connection!==this.#n&&(this.#p(),this.#u())}set config(e){let t={},i=e.entity??e.recipients;this.#c=e.max_messages??Number.POSITIVE_INFINITY,e.max_messages&&(t.limit=Math.min(e.max_messages,Lt)),i?.length?t.recipient=i:e.config_entry_id&&(t.config_entry_id=e.config_entry_id),JSON.stringify(t)!==JSON.stringify(this.#s)&&(this.#s=t,this.account=void 0,this.#t.clear(),this.#p(),this.#u())}async loadOlder(){let e=this.#m[0];if(!this.#r||!e||!this.hasOlder||this.loadingOlder)return;let t=this.#l;this.loadingOlder=!0,this.#e.requestUpdate();try{let i=await this.#r.callWS({type:"inteltele/messages/list",...this.#s,before:e.seq});t===this.#l&&(this.#o=i.has_older,this.#f(i.messages))}catch(i){this.error=i}finally{this.loadingOlder=!1,this.#e.requestUpdate()}}#_=()=>{this.#h=void 0,this.#p(),this.#u()};#u(){!this.#a||!this.#r||this.#n||(this.#n=this.#r.connection,this.#n.addEventListener("ready",this.#_),this.#v(this.#n))}#p(){this.#l+=1,clearTimeout(this.#g),this.#d=2e3,this.#n?.removeEventListener("ready",this.#_),this.#n=void 0,this.#h?.().catch(()=>{}),this.#h=void 0}async#v(e){let t=++this.#l;try{let i=await e.subscribeMessage(r=>t===this.#l&&this.#b(r),{type:"inteltele/messages/subscribe",...this.#s},{resubscribe:!1});t===this.#l?this.#h=i:await i()}catch(i){if(t!==this.#l||(this.error=i,this.#e.requestUpdate(),Pt(this.error)))return;this.#g=setTimeout(()=>{this.#v(e)},this.#d),this.#d=Math.min(this.#d*2,6e4)}}#b(e){if(this.error=void 0,this.#d=2e3,e.kind==="page")this.account=e,this.#o=e.has_older,this.#t.clear(),this.#f(e.messages);else{let t=this.#o?this.#m[0]?.seq??0:0,i=e.messages.filter(({seq:o})=>o>=t),r=i.filter(o=>this.#y(o)),n=i.filter(o=>this.#x(o));this.#f(i),this.#i(r,n.map(({seq:o})=>o))}this.#e.requestUpdate()}#y(e){let t=this.#t.get(e.seq);return t?.status!==e.status||t.answer?.text!==e.answer?.text}#x({seq:e,answer:t}){let i=this.#t.get(e);return!i||t!==null&&i.answer===null}#f(e){for(let t of e){let i=this.#t.get(t.seq)?.picture_url;this.#t.set(t.seq,i&&t.picture_url?{...t,picture_url:i}:t)}}};function Pt(s){return s.code==="unauthorized"||Ht.has(s.translation_key??"")}function Nt(s,e){return s.seq-e.seq}var ge=new Map,H=class s{#e;constructor(e){this.#e=e}static load(e){let{language:t}=e,i=ge.get(t);return i||(i=Promise.all([rt(e,"common"),rt(e,"exceptions")]).then(r=>new s(Object.assign({},...r))),i.catch(()=>ge.delete(t)),ge.set(t,i)),i}card(e,t={}){return this.#i(`common.card_${e}`,t)}status(e){let{status:t,reason:i}=e;if(t!=="failed")return this.card(t);if(X(e))return this.card("outcome_unknown");let r=this.#i(`common.reason_${i}`);return this.card("failed",{reason:r||(i??"")})}spoken(e){let t=e.recipient??e.number;return e.answer?this.card("spoken_answer",{recipient:t,answer:e.answer.text}):this.card("spoken_message",{recipient:t,status:this.status(e),text:e.text??this.card("no_text")})}error(e){if(e.code==="unauthorized")return this.card("not_allowed");switch(e.translation_key){case"account_not_chosen":return this.card("account_needed");case"service_config_entry_not_found":return this.card("unknown_account");case"service_found_no_config_entry_for_domain":return this.card("no_account");case"unknown_recipient":return this.card("unknown_recipient")}if(e.translation_domain==="inteltele"){let t=`exceptions.${e.translation_key}.message`;return this.#i(t,e.translation_placeholders)||this.card("error")}return this.card("error")}refusal(e){return e.translation_domain==="inteltele"||!e.message?this.error(e):e.message}#i(e,t={}){return(this.#e[`component.inteltele.${e}`]??"").replace(/\{(\w+)\}/g,(r,n)=>t[n]??r)}};async function rt(s,e){return(await s.callWS({type:"frontend/get_translations",language:s.language,category:e,integration:["inteltele"]})).resources}var nt={entity:"recipient",recipients:"recipients",config_entry_id:"account",title:"title",send_box:"send_box",show_price:"show_price",max_messages:"max_messages",height:"height",tap_action:"tap_action"},Ut=new Set(["entity","recipients","config_entry_id","max_messages","height","tap_action"]),ot={send_box:!0,show_price:!0},at={filter:{integration:"inteltele",domain:"notify"}},Ot=[{name:"entity",selector:{entity:at}},{name:"recipients",selector:{entity:{...at,multiple:!0}}},{name:"config_entry_id",selector:{config_entry:{integration:"inteltele"}}},{name:"title",selector:{text:{}}},{name:"send_box",selector:{boolean:{}}},{name:"show_price",selector:{boolean:{}}},{name:"max_messages",selector:{number:{min:1,max:1e3,mode:"box"}}},{name:"height",selector:{number:{min:200,max:4e3,mode:"box",unit_of_measurement:"px"}}},{name:"tap_action",selector:{ui_action:{default_action:"none"}}}],_e=class extends _{static properties={hass:{attribute:!1},_config:{state:!0},_texts:{state:!0}};setConfig(e){this._config=e}willUpdate(){!this._texts&&this.hass&&H.load(this.hass).then(e=>{this._texts=e})}render(){let{_config:e,_texts:t}=this;if(!e||!t)return h;let i=lt(e);return d`<ha-form
      .hass=${this.hass}
      .data=${{...ot,...e}}
      .schema=${Ot.filter(({name:r})=>!i.includes(r)&&!It(e,r))}
      .computeLabel=${({name:r})=>t.card(nt[r])}
      .computeHelper=${({name:r})=>Ut.has(r)?t.card(`${nt[r]}_help`):void 0}
      @value-changed=${this._changed}
    ></ha-form>`}_changed(e){e.stopPropagation();let{value:t}=e.detail,i=lt(t),r=Object.fromEntries(Object.entries(t).filter(([n,o])=>o!==void 0&&o!==""&&!(Array.isArray(o)&&o.length===0)&&o!==ot[n]&&!i.includes(n)));this.dispatchEvent(new CustomEvent("config-changed",{detail:{config:r},bubbles:!0,composed:!0}))}};function lt({entity:s,recipients:e}){return s?["recipients","config_entry_id"]:e?.length?["config_entry_id"]:[]}function It({height:s},e){return e==="height"&&typeof s=="string"}customElements.define("inteltele-messages-card-editor",_e);var ee=class{#e;#i;#t;#r;constructor(e){let{language:t,time_format:i,time_zone:r}=e.locale,n=r==="server"?{timeZone:e.config.time_zone}:void 0,o=i==="12"||i==="24"?{hour12:i==="12"}:void 0;this.#e=t,this.#i=new Intl.DateTimeFormat(t,{...n,dateStyle:"long"}),this.#t=new Intl.DateTimeFormat("sv-SE",{...n,dateStyle:"short"}),this.#r=new Intl.DateTimeFormat(i==="system"?void 0:t,{...n,...o,hour:"numeric",minute:"2-digit"})}day(e){let t=Math.round((this.#s(new Date(e))-this.#s(new Date))/864e5);if(t!==0&&t!==-1)return this.#i.format(new Date(e));let r=new Intl.RelativeTimeFormat(this.#e,{numeric:"auto"}).format(t,"day");return r.charAt(0).toLocaleUpperCase(this.#e)+r.slice(1)}time(e){return this.#r.format(new Date(e))}price(e,t){return new Intl.NumberFormat(this.#e,{style:"currency",currency:t,minimumFractionDigits:2,maximumFractionDigits:4}).format(e)}#s(e){return Date.parse(`${this.#t.format(e)}T00:00:00Z`)}};var te="inteltele-messages-card",ie={type:te,name:"IntelTele messages",description:"Shows the Viber messages and SMS of your house, whether they arrived and what was answered, and lets you write.",preview:!0,getEntitySuggestion:Dt,documentationURL:"https://github.com/inteltele/inteltele-home-assistant"};window.customCards??=[];window.customCards.push(ie);function ve(s,e){return Object.keys(s.entities).find(t=>{let i=s.entities[t];return t.startsWith("notify.")&&i?.platform==="inteltele"&&(e===void 0||i.device_id===e)})}function Dt(s,e){let t=s.entities[e];if(t?.platform!=="inteltele")return null;let i=ve(s,t.device_id),r={type:`custom:${te}`};return{config:i?{...r,entity:i}:r}}var ye="inteltele-picture-dialog";function ct(s,e){let t={dialogTag:ye,dialogImport:()=>Promise.resolve(),dialogParams:e};s.dispatchEvent(new CustomEvent("show-dialog",{detail:t,bubbles:!0,composed:!0}))}var be=class extends _{static properties={_shown:{state:!0},_small:{state:!0}};async showDialog(e){this._shown=e,this._small=!1,await this.updateComplete,this.renderRoot.querySelector("dialog")?.showModal()}closeDialog(){return this._close(),!0}render(){if(!this._shown)return h;let{message:e,texts:t}=this._shown,i=this._small?e.picture_url:e.full_picture_url;return d`<dialog
      aria-label=${t.card("picture")}
      @click=${this._close}
      @close=${this._closed}
      @keydown=${this._keyDown}
    >
      <img
        src=${i??""}
        alt=${t.card("picture")}
        @error=${()=>{this._small=!0}}
      />
      <button aria-label=${t.card("close")} title=${t.card("close")}>${v("close")}</button>
    </dialog>`}_close(){this.renderRoot.querySelector("dialog")?.close()}_closed(){this._shown=void 0;let e={dialog:ye};this.dispatchEvent(new CustomEvent("dialog-closed",{detail:e,bubbles:!0,composed:!0}))}_keyDown(e){e.key==="Tab"&&e.preventDefault(),e.stopPropagation()}static styles=A`
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
  `};customElements.define(ye,be);var se=class{atEnd=!0;unread=0;firstUnread;#e;#i;#t=new ResizeObserver(()=>this.#n());#r=0;#s;#c=0;constructor(e,t){this.#e=e,this.#i=t,e.addController(this)}hostUpdated(){this.#n(),this.#t.disconnect();for(let e of this.#e.renderRoot.querySelectorAll(".scroller, ol"))this.#t.observe(e)}count(e){let t=Number(this.#s?.dataset.seq??0),i=this.atEnd?[]:e.filter(r=>r>=t);i.length>0&&this.unread===0?this.firstUnread=Math.min(...i):this.atEnd&&e.length>0&&(this.firstUnread=void 0),this.unread+=i.length}toNewest(){this.#a(!0),this.#n()}scrolled=()=>{let e=this.#o;if(!e)return;let{scrollTop:t,scrollHeight:i,clientHeight:r}=e;i-t-r<48?this.#a(!0):t<this.#r&&this.#a(!1),this.#r=t,this.#s=[...e.querySelectorAll(".bubble")].find(n=>xe(n,e)+n.clientHeight>0),this.#c=this.#s?xe(this.#s,e):0,t<48&&!this.atEnd&&this.#i()};get#o(){return this.#e.renderRoot.querySelector(".scroller")}#a(e){e&&(this.unread=0),e!==this.atEnd&&(this.atEnd=e,this.#e.requestUpdate())}#n(){let e=this.#o;if(!e)return;let t=this.atEnd?e.scrollHeight-e.clientHeight-e.scrollTop:this.#s?.isConnected?xe(this.#s,e)-this.#c:0;Math.abs(t)>=1&&(e.scrollTop+=t)}};function xe(s,e){return s.getBoundingClientRect().top-e.getBoundingClientRect().top}var zt=1e3,$e=class extends _{static properties={hass:{attribute:!1},texts:{attribute:!1},recipients:{attribute:!1},_chosen:{state:!0},_sending:{state:!0},_error:{state:!0}};constructor(){super(),this._sending=!1}render(){let{texts:e,recipients:t}=this;return d`
      ${this._error?d`<p role="alert">${this._error}</p>`:h}
      <form @submit=${this._submit}>
        ${t.length>1?this._choice():h}
        <textarea
          rows="1"
          maxlength=${zt}
          aria-label=${e.card("text")}
          placeholder=${e.card("text")}
          ?readonly=${this._sending}
          @keydown=${this._keyDown}
        ></textarea>
        <button type="submit" aria-label=${e.card("send")} title=${e.card("send")} ?disabled=${this._sending}>
          ${v("send")}
        </button>
      </form>
    `}_choice(){return d`<select aria-label=${this.texts.card("to")} @change=${this._choose}>
      ${this.recipients.map(({entity_id:e,name:t})=>d`<option value=${e} ?selected=${e===this._to}>${t}</option>`)}
    </select>`}get _to(){let e=this.recipients.map(({entity_id:t})=>t);return e.find(t=>t===this._chosen)??e[0]}_choose(e){this._chosen=e.target.value}_keyDown(e){e.key==="Enter"&&!e.shiftKey&&!e.isComposing&&(e.preventDefault(),this.renderRoot.querySelector("form")?.requestSubmit())}async _submit(e){e.preventDefault();let t=this.renderRoot.querySelector("textarea"),i=this._to;if(!t?.value.trim()||!i||this._sending){t?.focus();return}this._sending=!0,this._error=void 0,this.dispatchEvent(new CustomEvent("inteltele-sending"));try{await this.hass.callService("inteltele","send_message",{message:t.value},{entity_id:i},!1),t.value=""}catch(r){this._error=this.texts.refusal(r)}finally{this._sending=!1,t.focus()}}static styles=A`
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
    p {
      margin: 0 0 8px;
      color: color-mix(in srgb, var(--error-color) 55%, var(--primary-text-color));
    }
  `};customElements.define("inteltele-send-box",$e);var dt=A`
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
    --_quiet: color-mix(
      in srgb,
      var(--secondary-text-color) 50%,
      var(--primary-text-color)
    );
    --_alarm: color-mix(in srgb, var(--error-color) 55%, var(--primary-text-color));
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
    flex: 1 1 calc(var(--_height, 30rem) - 6.5rem);
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
  .icon {
    width: 16px;
    height: 16px;
    fill: currentColor;
    vertical-align: text-bottom;
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
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;var Vt=5,we=class extends _{static properties={hass:{attribute:!1},layout:{reflect:!0},preview:{type:Boolean},_config:{state:!0},_texts:{state:!0},_announcements:{state:!0}};static styles=dt;_conversation=new Q(this,(e,t)=>{this._announce(e),this._place.count(t)});_place=new se(this,()=>{this._conversation.loadOlder()});_again=new D(this);_gone=new Set;_language;_format;constructor(){super(),this._announcements=[]}static getConfigElement(){return document.createElement("inteltele-messages-card-editor")}static getStubConfig(e){let t=ve(e);return t?{entity:t}:{}}setConfig(e){let t=st(e);this._config=t,this._conversation.config=t;let i=fe(t);i===void 0?this.style.removeProperty("--_height"):this.style.setProperty("--_height",i)}getCardSize(){let e=this._config?.height;return typeof e=="number"?Math.ceil(e/50):10}getGridOptions(){return{columns:12,min_columns:9,rows:8,min_rows:5}}willUpdate(e){if(!e.has("hass")||!this.hass)return;this._conversation.hass=this.hass;let t=e.get("hass");(!this._format||t?.locale!==this.hass.locale)&&(this._format=new ee(this.hass)),this._language!==this.hass.language&&(this._language=this.hass.language,this._loadTexts(this.hass))}async _loadTexts(e){try{this._texts=await H.load(e),ie.name=this._texts.card("name"),ie.description=this._texts.card("description")}catch{this._language=void 0}}shouldUpdate(e){let t=e.get("hass");return e.size!==1||!e.has("hass")||t?.locale!==this.hass?.locale||this._language!==this.hass?.language||t?.connection!==this.hass?.connection}render(){let{hass:e,_config:t,_texts:i}=this;if(!e||!t||!i)return d`<ha-card aria-busy="true"></ha-card>`;let r=this._conversation.account,n=t.entity?[t.entity]:t.recipients,o=(r?.recipients??[]).filter(({entity_id:u})=>!n?.length||n.includes(u)),c=e.translationMetadata.translations[e.language]?.isRTL??!1,a=t.title??(t.entity&&o[0]?.name||i.card("name"));return d`
      <ha-card dir=${c?"rtl":"ltr"}>
        <h2>${this._heading(a,t)}</h2>
        ${this._content(i,e)}
        <div class="unseen" role="log">${this._announcements.map(u=>d`<p>${u}</p>`)}</div>
        ${o.length>0&&t.send_box!==!1?d`<inteltele-send-box
                .hass=${e}
                .texts=${i}
                .recipients=${o}
                @inteltele-sending=${()=>this._place.toNewest()}
              ></inteltele-send-box>`:h}
      </ha-card>
    `}_heading(e,t){return(t.tap_action?.action??"none")==="none"?d`<bdi>${e}</bdi>`:d`<button @click=${()=>this._tapped(t)}><bdi>${e}</bdi></button>`}_tapped(e){let t={config:e,action:"tap"};this.dispatchEvent(new CustomEvent("hass-action",{detail:t,bubbles:!0,composed:!0}))}_content(e,t){let{messages:i,error:r,account:n,hasOlder:o,loadingOlder:c}=this._conversation;if(!i||!n||!this._format)return r?d`<p class="notice error" role="alert">${e.error(r)}</p>`:d`<p class="notice" aria-busy="true">${e.card("loading")}</p>`;let a=this._context(e,this._format,n,t),{atEnd:u,unread:m}=this._place;return d`<div class="conversation">
      <div class="scroller" tabindex="0" role="region" aria-label=${e.card("messages")} @scroll=${this._place.scrolled}>
        ${r?d`<p class="notice error" role="alert">${e.error(r)}</p>`:h}
        ${o?d`<button class="older" ?disabled=${c} @click=${()=>this._conversation.loadOlder()}>${e.card("older")}</button>`:h}
        ${i.length>0?d`<ol>${this._items(i,a)}</ol>`:d`<p class="notice">${e.card("empty")}</p>`}
      </div>
      ${u?h:d`<button class="newest" @click=${this._toNewest}>
              ${v("newest")}${m>0?e.card("to_newest_count",{count:String(m)}):e.card("to_newest")}
            </button>`}
    </div>`}_context(e,t,i,r){let{entity:n,show_price:o,send_box:c}=this._config??{};return{texts:e,format:t,currency:o===!1?void 0:i.currency,showRecipient:!n,goneFrom:this._gone,again:this._again,onPictureGone:a=>{this._gone.add(a),this.requestUpdate()},onPicture:a=>ct(this,{message:a,texts:e}),onAgain:a=>{let u=c===!1?void 0:D.fields(a,i,r);return u&&(async()=>{await this._again.send(a,u,r,e)&&this._toNewest()})}}}_toNewest(){this.renderRoot.querySelector(".scroller")?.focus(),this._place.toNewest()}_items(e,t){let i=e.map(({sent_at:r})=>t.format.day(r));return Xe(e,({seq:r})=>r,(r,n)=>d`
        ${i[n]===i[n-1]?h:d`<li class="day">${i[n]}</li>`}
        ${r.seq===this._place.firstUnread?d`<li class="day new">${t.texts.card("new")}</li>`:h}
        ${tt(r,t)}
      `)}_announce(e){let t=e.map(i=>this._texts?.spoken(i)??"");this._announcements=[...this._announcements,...t].slice(-Vt)}};customElements.define(te,we);export{we as MessagesCard};
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
