// Made by scripts/card from frontend/; the sources' fingerprint is a548b0e2c03a9d19bf47bd0a28c73e7e042b4581f5e2f05bc64f53d966815f2b.
var D=globalThis,V=D.ShadowRoot&&(D.ShadyCSS===void 0||D.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,ne=Symbol(),Ce=new WeakMap,L=class{constructor(e,t,s){if(this._$cssResult$=!0,s!==ne)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=e,this.t=t}get styleSheet(){let e=this.o,t=this.t;if(V&&e===void 0){let s=t!==void 0&&t.length===1;s&&(e=Ce.get(t)),e===void 0&&((this.o=e=new CSSStyleSheet).replaceSync(this.cssText),s&&Ce.set(t,e))}return e}toString(){return this.cssText}},Se=i=>new L(typeof i=="string"?i:i+"",void 0,ne),A=(i,...e)=>{let t=i.length===1?i[0]:e.reduce((s,r,n)=>s+(o=>{if(o._$cssResult$===!0)return o.cssText;if(typeof o=="number")return o;throw Error("Value passed to 'css' function must be a 'css' function result: "+o+". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.")})(r)+i[n+1],i[0]);return new L(t,i,ne)},Te=(i,e)=>{if(V)i.adoptedStyleSheets=e.map(t=>t instanceof CSSStyleSheet?t:t.styleSheet);else for(let t of e){let s=document.createElement("style"),r=D.litNonce;r!==void 0&&s.setAttribute("nonce",r),s.textContent=t.cssText,i.appendChild(s)}},oe=V?i=>i:i=>i instanceof CSSStyleSheet?(e=>{let t="";for(let s of e.cssRules)t+=s.cssText;return Se(t)})(i):i;var{is:ut,defineProperty:pt,getOwnPropertyDescriptor:mt,getOwnPropertyNames:ft,getOwnPropertySymbols:gt,getPrototypeOf:_t}=Object,q=globalThis,ke=q.trustedTypes,vt=ke?ke.emptyScript:"",bt=q.reactiveElementPolyfillSupport,P=(i,e)=>i,ae={toAttribute(i,e){switch(e){case Boolean:i=i?vt:null;break;case Object:case Array:i=i==null?i:JSON.stringify(i)}return i},fromAttribute(i,e){let t=i;switch(e){case Boolean:t=i!==null;break;case Number:t=i===null?null:Number(i);break;case Object:case Array:try{t=JSON.parse(i)}catch{t=null}}return t}},Me=(i,e)=>!ut(i,e),Re={attribute:!0,type:String,converter:ae,reflect:!1,useDefault:!1,hasChanged:Me};Symbol.metadata??=Symbol("metadata"),q.litPropertyMetadata??=new WeakMap;var y=class extends HTMLElement{static addInitializer(e){this._$Ei(),(this.l??=[]).push(e)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(e,t=Re){if(t.state&&(t.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(e)&&((t=Object.create(t)).wrapped=!0),this.elementProperties.set(e,t),!t.noAccessor){let s=Symbol(),r=this.getPropertyDescriptor(e,s,t);r!==void 0&&pt(this.prototype,e,r)}}static getPropertyDescriptor(e,t,s){let{get:r,set:n}=mt(this.prototype,e)??{get(){return this[t]},set(o){this[t]=o}};return{get:r,set(o){let c=r?.call(this);n?.call(this,o),this.requestUpdate(e,c,s)},configurable:!0,enumerable:!0}}static getPropertyOptions(e){return this.elementProperties.get(e)??Re}static _$Ei(){if(this.hasOwnProperty(P("elementProperties")))return;let e=_t(this);e.finalize(),e.l!==void 0&&(this.l=[...e.l]),this.elementProperties=new Map(e.elementProperties)}static finalize(){if(this.hasOwnProperty(P("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(P("properties"))){let t=this.properties,s=[...ft(t),...gt(t)];for(let r of s)this.createProperty(r,t[r])}let e=this[Symbol.metadata];if(e!==null){let t=litPropertyMetadata.get(e);if(t!==void 0)for(let[s,r]of t)this.elementProperties.set(s,r)}this._$Eh=new Map;for(let[t,s]of this.elementProperties){let r=this._$Eu(t,s);r!==void 0&&this._$Eh.set(r,t)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(e){let t=[];if(Array.isArray(e)){let s=new Set(e.flat(1/0).reverse());for(let r of s)t.unshift(oe(r))}else e!==void 0&&t.push(oe(e));return t}static _$Eu(e,t){let s=t.attribute;return s===!1?void 0:typeof s=="string"?s:typeof e=="string"?e.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(e=>this.enableUpdating=e),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(e=>e(this))}addController(e){(this._$EO??=new Set).add(e),this.renderRoot!==void 0&&this.isConnected&&e.hostConnected?.()}removeController(e){this._$EO?.delete(e)}_$E_(){let e=new Map,t=this.constructor.elementProperties;for(let s of t.keys())this.hasOwnProperty(s)&&(e.set(s,this[s]),delete this[s]);e.size>0&&(this._$Ep=e)}createRenderRoot(){let e=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return Te(e,this.constructor.elementStyles),e}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(e=>e.hostConnected?.())}enableUpdating(e){}disconnectedCallback(){this._$EO?.forEach(e=>e.hostDisconnected?.())}attributeChangedCallback(e,t,s){this._$AK(e,s)}_$ET(e,t){let s=this.constructor.elementProperties.get(e),r=this.constructor._$Eu(e,s);if(r!==void 0&&s.reflect===!0){let n=(s.converter?.toAttribute!==void 0?s.converter:ae).toAttribute(t,s.type);this._$Em=e,n==null?this.removeAttribute(r):this.setAttribute(r,n),this._$Em=null}}_$AK(e,t){let s=this.constructor,r=s._$Eh.get(e);if(r!==void 0&&this._$Em!==r){let n=s.getPropertyOptions(r),o=typeof n.converter=="function"?{fromAttribute:n.converter}:n.converter?.fromAttribute!==void 0?n.converter:ae;this._$Em=r;let c=o.fromAttribute(t,n.type);this[r]=c??this._$Ej?.get(r)??c,this._$Em=null}}requestUpdate(e,t,s,r=!1,n){if(e!==void 0){let o=this.constructor;if(r===!1&&(n=this[e]),s??=o.getPropertyOptions(e),!((s.hasChanged??Me)(n,t)||s.useDefault&&s.reflect&&n===this._$Ej?.get(e)&&!this.hasAttribute(o._$Eu(e,s))))return;this.C(e,t,s)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(e,t,{useDefault:s,reflect:r,wrapped:n},o){s&&!(this._$Ej??=new Map).has(e)&&(this._$Ej.set(e,o??t??this[e]),n!==!0||o!==void 0)||(this._$AL.has(e)||(this.hasUpdated||s||(t=void 0),this._$AL.set(e,t)),r===!0&&this._$Em!==e&&(this._$Eq??=new Set).add(e))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(t){Promise.reject(t)}let e=this.scheduleUpdate();return e!=null&&await e,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[r,n]of this._$Ep)this[r]=n;this._$Ep=void 0}let s=this.constructor.elementProperties;if(s.size>0)for(let[r,n]of s){let{wrapped:o}=n,c=this[r];o!==!0||this._$AL.has(r)||c===void 0||this.C(r,void 0,n,c)}}let e=!1,t=this._$AL;try{e=this.shouldUpdate(t),e?(this.willUpdate(t),this._$EO?.forEach(s=>s.hostUpdate?.()),this.update(t)):this._$EM()}catch(s){throw e=!1,this._$EM(),s}e&&this._$AE(t)}willUpdate(e){}_$AE(e){this._$EO?.forEach(t=>t.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(e)),this.updated(e)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(e){return!0}update(e){this._$Eq&&=this._$Eq.forEach(t=>this._$ET(t,this[t])),this._$EM()}updated(e){}firstUpdated(e){}};y.elementStyles=[],y.shadowRootOptions={mode:"open"},y[P("elementProperties")]=new Map,y[P("finalized")]=new Map,bt?.({ReactiveElement:y}),(q.reactiveElementVersions??=[]).push("2.1.2");var ce=globalThis,He=i=>i,B=ce.trustedTypes,Le=B?B.createPolicy("lit-html",{createHTML:i=>i}):void 0,de="$lit$",x=`lit$${Math.random().toFixed(9).slice(2)}$`,he="?"+x,yt=`<${he}>`,S=document,U=()=>S.createComment(""),z=i=>i===null||typeof i!="object"&&typeof i!="function",ue=Array.isArray,Ie=i=>ue(i)||typeof i?.[Symbol.iterator]=="function",le=`[ 	
\f\r]`,N=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,Pe=/-->/g,Ne=/>/g,E=RegExp(`>|${le}(?:([^\\s"'>=/]+)(${le}*=${le}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),Ue=/'/g,ze=/"/g,De=/^(?:script|style|textarea|title)$/i,pe=i=>(e,...t)=>({_$litType$:i,strings:e,values:t}),d=pe(1),Ve=pe(2),Yt=pe(3),$=Symbol.for("lit-noChange"),h=Symbol.for("lit-nothing"),Oe=new WeakMap,C=S.createTreeWalker(S,129);function qe(i,e){if(!ue(i)||!i.hasOwnProperty("raw"))throw Error("invalid template strings array");return Le!==void 0?Le.createHTML(e):e}var Be=(i,e)=>{let t=i.length-1,s=[],r,n=e===2?"<svg>":e===3?"<math>":"",o=N;for(let c=0;c<t;c++){let a=i[c],u,m,l=-1,f=0;for(;f<a.length&&(o.lastIndex=f,m=o.exec(a),m!==null);)f=o.lastIndex,o===N?m[1]==="!--"?o=Pe:m[1]!==void 0?o=Ne:m[2]!==void 0?(De.test(m[2])&&(r=RegExp("</"+m[2],"g")),o=E):m[3]!==void 0&&(o=E):o===E?m[0]===">"?(o=r??N,l=-1):m[1]===void 0?l=-2:(l=o.lastIndex-m[2].length,u=m[1],o=m[3]===void 0?E:m[3]==='"'?ze:Ue):o===ze||o===Ue?o=E:o===Pe||o===Ne?o=N:(o=E,r=void 0);let p=o===E&&i[c+1].startsWith("/>")?" ":"";n+=o===N?a+yt:l>=0?(s.push(u),a.slice(0,l)+de+a.slice(l)+x+p):a+x+(l===-2?c:p)}return[qe(i,n+(i[t]||"<?>")+(e===2?"</svg>":e===3?"</math>":"")),s]},O=class i{constructor({strings:e,_$litType$:t},s){let r;this.parts=[];let n=0,o=0,c=e.length-1,a=this.parts,[u,m]=Be(e,t);if(this.el=i.createElement(u,s),C.currentNode=this.el.content,t===2||t===3){let l=this.el.content.firstChild;l.replaceWith(...l.childNodes)}for(;(r=C.nextNode())!==null&&a.length<c;){if(r.nodeType===1){if(r.hasAttributes())for(let l of r.getAttributeNames())if(l.endsWith(de)){let f=m[o++],p=r.getAttribute(l).split(x),g=/([.?@])?(.*)/.exec(f);a.push({type:1,index:n,name:g[2],strings:p,ctor:g[1]==="."?j:g[1]==="?"?W:g[1]==="@"?Z:k}),r.removeAttribute(l)}else l.startsWith(x)&&(a.push({type:6,index:n}),r.removeAttribute(l));if(De.test(r.tagName)){let l=r.textContent.split(x),f=l.length-1;if(f>0){r.textContent=B?B.emptyScript:"";for(let p=0;p<f;p++)r.append(l[p],U()),C.nextNode(),a.push({type:2,index:++n});r.append(l[f],U())}}}else if(r.nodeType===8)if(r.data===he)a.push({type:2,index:n});else{let l=-1;for(;(l=r.data.indexOf(x,l+1))!==-1;)a.push({type:7,index:n}),l+=x.length-1}n++}}static createElement(e,t){let s=S.createElement("template");return s.innerHTML=e,s}};function T(i,e,t=i,s){if(e===$)return e;let r=s!==void 0?t._$Co?.[s]:t._$Cl,n=z(e)?void 0:e._$litDirective$;return r?.constructor!==n&&(r?._$AO?.(!1),n===void 0?r=void 0:(r=new n(i),r._$AT(i,t,s)),s!==void 0?(t._$Co??=[])[s]=r:t._$Cl=r),r!==void 0&&(e=T(i,r._$AS(i,e.values),r,s)),e}var F=class{constructor(e,t){this._$AV=[],this._$AN=void 0,this._$AD=e,this._$AM=t}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(e){let{el:{content:t},parts:s}=this._$AD,r=(e?.creationScope??S).importNode(t,!0);C.currentNode=r;let n=C.nextNode(),o=0,c=0,a=s[0];for(;a!==void 0;){if(o===a.index){let u;a.type===2?u=new R(n,n.nextSibling,this,e):a.type===1?u=new a.ctor(n,a.name,a.strings,this,e):a.type===6&&(u=new Y(n,this,e)),this._$AV.push(u),a=s[++c]}o!==a?.index&&(n=C.nextNode(),o++)}return C.currentNode=S,r}p(e){let t=0;for(let s of this._$AV)s!==void 0&&(s.strings!==void 0?(s._$AI(e,s,t),t+=s.strings.length-2):s._$AI(e[t])),t++}},R=class i{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(e,t,s,r){this.type=2,this._$AH=h,this._$AN=void 0,this._$AA=e,this._$AB=t,this._$AM=s,this.options=r,this._$Cv=r?.isConnected??!0}get parentNode(){let e=this._$AA.parentNode,t=this._$AM;return t!==void 0&&e?.nodeType===11&&(e=t.parentNode),e}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(e,t=this){e=T(this,e,t),z(e)?e===h||e==null||e===""?(this._$AH!==h&&this._$AR(),this._$AH=h):e!==this._$AH&&e!==$&&this._(e):e._$litType$!==void 0?this.$(e):e.nodeType!==void 0?this.T(e):Ie(e)?this.k(e):this._(e)}O(e){return this._$AA.parentNode.insertBefore(e,this._$AB)}T(e){this._$AH!==e&&(this._$AR(),this._$AH=this.O(e))}_(e){this._$AH!==h&&z(this._$AH)?this._$AA.nextSibling.data=e:this.T(S.createTextNode(e)),this._$AH=e}$(e){let{values:t,_$litType$:s}=e,r=typeof s=="number"?this._$AC(e):(s.el===void 0&&(s.el=O.createElement(qe(s.h,s.h[0]),this.options)),s);if(this._$AH?._$AD===r)this._$AH.p(t);else{let n=new F(r,this),o=n.u(this.options);n.p(t),this.T(o),this._$AH=n}}_$AC(e){let t=Oe.get(e.strings);return t===void 0&&Oe.set(e.strings,t=new O(e)),t}k(e){ue(this._$AH)||(this._$AH=[],this._$AR());let t=this._$AH,s,r=0;for(let n of e)r===t.length?t.push(s=new i(this.O(U()),this.O(U()),this,this.options)):s=t[r],s._$AI(n),r++;r<t.length&&(this._$AR(s&&s._$AB.nextSibling,r),t.length=r)}_$AR(e=this._$AA.nextSibling,t){for(this._$AP?.(!1,!0,t);e!==this._$AB;){let s=He(e).nextSibling;He(e).remove(),e=s}}setConnected(e){this._$AM===void 0&&(this._$Cv=e,this._$AP?.(e))}},k=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(e,t,s,r,n){this.type=1,this._$AH=h,this._$AN=void 0,this.element=e,this.name=t,this._$AM=r,this.options=n,s.length>2||s[0]!==""||s[1]!==""?(this._$AH=Array(s.length-1).fill(new String),this.strings=s):this._$AH=h}_$AI(e,t=this,s,r){let n=this.strings,o=!1;if(n===void 0)e=T(this,e,t,0),o=!z(e)||e!==this._$AH&&e!==$,o&&(this._$AH=e);else{let c=e,a,u;for(e=n[0],a=0;a<n.length-1;a++)u=T(this,c[s+a],t,a),u===$&&(u=this._$AH[a]),o||=!z(u)||u!==this._$AH[a],u===h?e=h:e!==h&&(e+=(u??"")+n[a+1]),this._$AH[a]=u}o&&!r&&this.j(e)}j(e){e===h?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,e??"")}},j=class extends k{constructor(){super(...arguments),this.type=3}j(e){this.element[this.name]=e===h?void 0:e}},W=class extends k{constructor(){super(...arguments),this.type=4}j(e){this.element.toggleAttribute(this.name,!!e&&e!==h)}},Z=class extends k{constructor(e,t,s,r,n){super(e,t,s,r,n),this.type=5}_$AI(e,t=this){if((e=T(this,e,t,0)??h)===$)return;let s=this._$AH,r=e===h&&s!==h||e.capture!==s.capture||e.once!==s.once||e.passive!==s.passive,n=e!==h&&(s===h||r);r&&this.element.removeEventListener(this.name,this,s),n&&this.element.addEventListener(this.name,this,e),this._$AH=e}handleEvent(e){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,e):this._$AH.handleEvent(e)}},Y=class{constructor(e,t,s){this.element=e,this.type=6,this._$AN=void 0,this._$AM=t,this.options=s}get _$AU(){return this._$AM._$AU}_$AI(e){T(this,e)}},Fe={M:de,P:x,A:he,C:1,L:Be,R:F,D:Ie,V:T,I:R,H:k,N:W,U:Z,B:j,F:Y},xt=ce.litHtmlPolyfillSupport;xt?.(O,R),(ce.litHtmlVersions??=[]).push("3.3.3");var je=(i,e,t)=>{let s=t?.renderBefore??e,r=s._$litPart$;if(r===void 0){let n=t?.renderBefore??null;s._$litPart$=r=new R(e.insertBefore(U(),n),n,void 0,t??{})}return r._$AI(i),r};var me=globalThis,_=class extends y{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let e=super.createRenderRoot();return this.renderOptions.renderBefore??=e.firstChild,e}update(e){let t=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(e),this._$Do=je(t,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return $}};_._$litElement$=!0,_.finalized=!0,me.litElementHydrateSupport?.({LitElement:_});var $t=me.litElementPolyfillSupport;$t?.({LitElement:_});(me.litElementVersions??=[]).push("4.2.2");var We={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},Ze=i=>(...e)=>({_$litDirective$:i,values:e}),K=class{constructor(e){}get _$AU(){return this._$AM._$AU}_$AT(e,t,s){this._$Ct=e,this._$AM=t,this._$Ci=s}_$AS(e,t){return this.update(e,t)}update(e,t){return this.render(...t)}};var{I:wt}=Fe,Ye=i=>i;var Ke=()=>document.createComment(""),M=(i,e,t)=>{let s=i._$AA.parentNode,r=e===void 0?i._$AB:e._$AA;if(t===void 0){let n=s.insertBefore(Ke(),r),o=s.insertBefore(Ke(),r);t=new wt(n,o,i,i.options)}else{let n=t._$AB.nextSibling,o=t._$AM,c=o!==i;if(c){let a;t._$AQ?.(i),t._$AM=i,t._$AP!==void 0&&(a=i._$AU)!==o._$AU&&t._$AP(a)}if(n!==r||c){let a=t._$AA;for(;a!==n;){let u=Ye(a).nextSibling;Ye(s).insertBefore(a,r),a=u}}}return t},w=(i,e,t=i)=>(i._$AI(e,t),i),At={},Ge=(i,e=At)=>i._$AH=e,Je=i=>i._$AH,G=i=>{i._$AR(),i._$AA.remove()};var Xe=(i,e,t)=>{let s=new Map;for(let r=e;r<=t;r++)s.set(i[r],r);return s},Qe=Ze(class extends K{constructor(i){if(super(i),i.type!==We.CHILD)throw Error("repeat() can only be used in text expressions")}dt(i,e,t){let s;t===void 0?t=e:e!==void 0&&(s=e);let r=[],n=[],o=0;for(let c of i)r[o]=s?s(c,o):o,n[o]=t(c,o),o++;return{values:n,keys:r}}render(i,e,t){return this.dt(i,e,t).values}update(i,[e,t,s]){let r=Je(i),{values:n,keys:o}=this.dt(e,t,s);if(!Array.isArray(r))return this.ut=o,n;let c=this.ut??=[],a=[],u,m,l=0,f=r.length-1,p=0,g=n.length-1;for(;l<=f&&p<=g;)if(r[l]===null)l++;else if(r[f]===null)f--;else if(c[l]===o[p])a[p]=w(r[l],n[p]),l++,p++;else if(c[f]===o[g])a[g]=w(r[f],n[g]),f--,g--;else if(c[l]===o[g])a[g]=w(r[l],n[g]),M(i,a[g+1],r[l]),l++,g--;else if(c[f]===o[p])a[p]=w(r[f],n[p]),M(i,r[l],r[f]),f--,p++;else if(u===void 0&&(u=Xe(o,p,g),m=Xe(c,l,f)),u.has(c[l]))if(u.has(c[f])){let b=m.get(o[p]),re=b!==void 0?r[b]:null;if(re===null){let Ee=M(i,r[l]);w(Ee,n[p]),a[p]=Ee}else a[p]=w(re,n[p]),M(i,r[l],re),r[b]=null;p++}else G(r[f]),f--;else G(r[l]),l++;for(;p<=g;){let b=M(i,a[g+1]);w(b,n[p]),a[p++]=b}for(;l<=f;){let b=r[l++];b!==null&&G(b)}return this.ut=o,Ge(i,a),$}});var Et=/https?:\/\/[^\s<>"]+/gi,Ct=/[.,;:!?'’”»…]+$/u;function J(i){let[e,t]=/^\*([^*\n]+)\*(?:\n|$)/.exec(i)??[];return e&&t?{title:t,rest:i.slice(e.length)}:{rest:i}}function et(i){let e=[],t=0;for(let{0:s,index:r}of i.matchAll(Et)){let n=tt(s);URL.canParse(n)&&(e.push(i.slice(t,r),d`<a href=${n} target="_blank" rel="noopener noreferrer">${n}</a>`),t=r+n.length)}return[...e,i.slice(t)]}function tt(i){let e=i.replace(Ct,"");return e.endsWith(")")&&!e.includes("(")?tt(e.slice(0,-1)):e}var I=class{#e;#s=new Map;constructor(e){this.#e=e}static fields({number:e,status:t,text:s,channel:r},{recipients:n,entry_id:o},c){let a=n.find(l=>l.number===e)?.entity_id;if(t!=="failed"||s===null||!(a||c.user?.is_admin))return;let{title:u,rest:m}=J(s);return{...u&&m?{title:u,message:m}:{message:s},...a?{entity_id:a}:{to:e,config_entry_id:o},...r==="viber"?{}:{channel:r}}}isSending({seq:e}){return this.#s.get(e)==="sending"}wasSent({seq:e}){return this.#s.get(e)==="sent"}error({seq:e}){let t=this.#s.get(e);return typeof t=="object"?t.error:void 0}async send({seq:e},t,s,r){this.#t(e,"sending");try{await s.callService("inteltele","send_message",t,void 0,!1)}catch(n){return this.#t(e,{error:r.refusal(n)}),!1}return this.#t(e,"sent"),!0}#t(e,t){this.#s.set(e,t),this.#e.requestUpdate()}};var St={queued:"M12,20A8,8 0 0,0 20,12A8,8 0 0,0 12,4A8,8 0 0,0 4,12A8,8 0 0,0 12,20M12,2A10,10 0 0,1 22,12A10,10 0 0,1 12,22C6.47,22 2,17.5 2,12A10,10 0 0,1 12,2M12.5,7V12.25L17,14.92L16.25,16.15L11,13V7H12.5Z",sent:"M21,7L9,19L3.5,13.5L4.91,12.09L9,16.17L19.59,5.59L21,7Z",delivered:"M0.41,13.41L6,19L7.41,17.58L1.83,12M22.24,5.58L11.66,16.17L7.5,12L6.07,13.41L11.66,19L23.66,7M18,7L16.59,5.58L10.24,11.93L11.66,13.34L18,7Z",failed:"M11,15H13V17H11V15M11,7H13V13H11V7M12,2C6.47,2 2,6.5 2,12A10,10 0 0,0 12,22A10,10 0 0,0 22,12A10,10 0 0,0 12,2M12,20A8,8 0 0,1 4,12A8,8 0 0,1 12,4A8,8 0 0,1 20,12A8,8 0 0,1 12,20Z",picture:"M19,19H5V5H19M19,3H5A2,2 0 0,0 3,5V19A2,2 0 0,0 5,21H19A2,2 0 0,0 21,19V5A2,2 0 0,0 19,3M13.96,12.29L11.21,15.83L9.25,13.47L6.5,17H17.5L13.96,12.29Z",answer:"M10,9V5L3,12L10,19V14.9C15,14.9 18.5,16.5 21,20C20,15 17,10 10,9Z",send:"M2,21L23,12L2,3V10L17,12L2,14V21Z",unknown:"M11,18H13V16H11V18M12,2A10,10 0 0,0 2,12A10,10 0 0,0 12,22A10,10 0 0,0 22,12A10,10 0 0,0 12,2M12,20C7.59,20 4,16.41 4,12C4,7.59 7.59,4 12,4C16.41,4 20,7.59 20,12C20,16.41 16.41,20 12,20M12,6A4,4 0 0,0 8,10H10A2,2 0 0,1 12,8A2,2 0 0,1 14,10C14,12 11,11.75 11,15H13C13,12.75 16,12.5 16,10A4,4 0 0,0 12,6Z",sms:"M20,2A2,2 0 0,1 22,4V16A2,2 0 0,1 20,18H6L2,22V4C2,2.89 2.9,2 4,2H20M4,4V17.17L5.17,16H20V4H4M6,7H18V9H6V7M6,11H15V13H6V11Z",again:"M17.65,6.35C16.2,4.9 14.21,4 12,4A8,8 0 0,0 4,12A8,8 0 0,0 12,20C15.73,20 18.84,17.45 19.73,14H17.65C16.83,16.33 14.61,18 12,18A6,6 0 0,1 6,12A6,6 0 0,1 12,6C13.66,6 15.14,6.69 16.22,7.78L13,11H20V4L17.65,6.35Z",newest:"M11,4H13V16L18.5,10.5L19.92,11.92L12,19.84L4.08,11.92L5.5,10.5L11,16V4Z",close:"M19,6.41L17.59,5L12,10.59L6.41,5L5,6.41L10.59,12L5,17.59L6.41,19L12,13.41L17.59,19L19,17.59L13.41,12L19,6.41Z"};function v(i){return Ve`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${St[i]} /></svg>`}function X({status:i,reason:e}){return i==="failed"&&e==="outcome_unknown"}function st(i,e){let{texts:t,format:s,currency:r,showRecipient:n}=e,o=X(i)?"unknown":i.status,c=i.recipient??i.number;return d`
    <li class="bubble out ${o} ${i.channel}" data-seq=${i.seq}>
      ${n?d`<div class="whom" dir="auto">${c}</div>`:h}
      ${Rt(i,e)} ${kt(i,t)}
      ${i.button?d`<div class="button" dir="auto">${i.button}</div>`:h}
      <div class="foot">
        ${i.channel==="sms"?d`<span>${v("sms")} SMS</span>`:h}
        ${i.cost===null||r===void 0?h:d`<span>${s.price(i.cost,r)}</span>`}
        <time datetime=${i.sent_at}>${s.time(i.sent_at)}</time>
        ${Mt(i,o,t)}
      </div>
      ${i.status==="failed"?Ht(i,e):h}
    </li>
    ${i.answer?Tt(i.answer,i,e):h}
  `}function Tt(i,e,{texts:t,format:s}){return d`
    <li class="bubble in" data-seq=${e.seq}>
      <div class="whom" dir="auto">${v("answer")}${e.recipient??e.number}</div>
      <div class="text" dir="auto"><span class="unseen">${t.card("answer")}: </span>${i.text}</div>
      <div class="foot">
        <time datetime=${i.given_at}>${s.time(i.given_at)}</time>
      </div>
    </li>
  `}function kt(i,e){if(i.text===null)return d`<div class="text none">${e.card("no_text")}</div>`;let{title:t,rest:s}=J(i.text);return d`<div class="text" dir="auto">${t?d`<strong>${t}</strong>`:h}${et(s)}</div>`}function Rt(i,{texts:e,goneFrom:t,onPictureGone:s,onPicture:r}){return i.has_picture?i.picture_url===null||t.has(i.seq)?d`<div class="gone">${v("picture")}${e.card("picture_gone")}</div>`:d`<button class="picture" title=${e.card("open_picture")} @click=${()=>r(i)}>
    <img
      src=${i.picture_url}
      alt=${e.card("picture")}
      @error=${()=>s(i.seq)}
    />
  </button>`:h}function Mt(i,e,t){let s=t.status(i);return d`<span class="tick" role="img" aria-label=${s} title=${s}>${v(e)}</span>`}function Ht(i,e){let{texts:t,again:s,onAgain:r}=e,n=s.wasSent(i)?void 0:r(i),o=s.error(i),c=i.has_picture||i.button?t.card("send_text_again"):t.card("send_again");return d`
    <div class="reason">${t.status(i)}</div>
    ${n?d`<button class="again" ?disabled=${s.isSending(i)} @click=${n}>
            ${v("again")}${c}
          </button>`:h}
    ${o?d`<div class="reason" role="alert">${o}</div>`:h}
  `}function rt(i){let{entity:e,recipients:t,max_messages:s}=i;if(e!==void 0&&!it(e))throw new Error("entity must be a notify entity of IntelTele");if(t!==void 0&&!(Array.isArray(t)&&t.length>0&&t.every(it)))throw new Error("recipients must be a list of notify entities of IntelTele; remove it to show all");if(e!==void 0&&t!==void 0)throw new Error("use either entity or recipients, not both");if(s!==void 0&&!(Number.isInteger(s)&&s>0))throw new Error("max_messages must be a whole number above zero");if(i.height!==void 0&&!CSS.supports("height",fe(i)??""))throw new Error("height must be a number of pixels, or a height as CSS knows them");return i}function fe({height:i}){return typeof i=="number"?`${i}px`:i}function it(i){return String(i).startsWith("notify.")}var Lt=new Set(["account_not_chosen","service_config_entry_not_found","service_found_no_config_entry_for_domain","unknown_recipient"]),Pt=100,Q=class{account;error;loadingOlder=!1;#e;#s;#t=new Map;#r;#i={};#c=Number.POSITIVE_INFINITY;#o=!1;#a=!1;#n;#h;#g;#d=2e3;#l=0;constructor(e,t){this.#e=e,this.#s=t,e.addController(this)}get messages(){return this.account&&this.#m.slice(-this.#c)}get hasOlder(){return this.#o&&this.#t.size<this.#c}get#m(){return[...this.#t.values()].sort(Ut)}hostConnected(){this.#a=!0,this.#u()}hostDisconnected(){this.#a=!1,this.#p()}set hass(e){this.#r=e,e?.connection!==this.#n&&(this.#p(),this.#u())}set config(e){let t={},s=e.entity??e.recipients;this.#c=e.max_messages??Number.POSITIVE_INFINITY,e.max_messages&&(t.limit=Math.min(e.max_messages,Pt)),s?.length?t.recipient=s:e.config_entry_id&&(t.config_entry_id=e.config_entry_id),JSON.stringify(t)!==JSON.stringify(this.#i)&&(this.#i=t,this.account=void 0,this.#t.clear(),this.#p(),this.#u())}async loadOlder(){let e=this.#m[0];if(!this.#r||!e||!this.hasOlder||this.loadingOlder)return;let t=this.#l;this.loadingOlder=!0,this.#e.requestUpdate();try{let s=await this.#r.callWS({type:"inteltele/messages/list",...this.#i,before:e.seq});t===this.#l&&(this.#o=s.has_older,this.#f(s.messages))}catch(s){this.error=s}finally{this.loadingOlder=!1,this.#e.requestUpdate()}}#_=()=>{this.#h=void 0,this.#p(),this.#u()};#u(){!this.#a||!this.#r||this.#n||(this.#n=this.#r.connection,this.#n.addEventListener("ready",this.#_),this.#v(this.#n))}#p(){this.#l+=1,clearTimeout(this.#g),this.#d=2e3,this.#n?.removeEventListener("ready",this.#_),this.#n=void 0,this.#h?.().catch(()=>{}),this.#h=void 0}async#v(e){let t=++this.#l;try{let s=await e.subscribeMessage(r=>t===this.#l&&this.#b(r),{type:"inteltele/messages/subscribe",...this.#i},{resubscribe:!1});t===this.#l?this.#h=s:await s()}catch(s){if(t!==this.#l||(this.error=s,this.#e.requestUpdate(),Nt(this.error)))return;this.#g=setTimeout(()=>{this.#v(e)},this.#d),this.#d=Math.min(this.#d*2,6e4)}}#b(e){if(this.error=void 0,this.#d=2e3,e.kind==="page")this.account=e,this.#o=e.has_older,this.#t.clear(),this.#f(e.messages);else{let t=this.#o?this.#m[0]?.seq??0:0,s=e.messages.filter(({seq:o})=>o>=t),r=s.filter(o=>this.#y(o)),n=s.filter(o=>this.#x(o));this.#f(s),this.#s(r,n.map(({seq:o})=>o))}this.#e.requestUpdate()}#y(e){let t=this.#t.get(e.seq);return t?.status!==e.status||t.answer?.text!==e.answer?.text}#x({seq:e,answer:t}){let s=this.#t.get(e);return!s||t!==null&&s.answer===null}#f(e){for(let t of e){let s=this.#t.get(t.seq)?.picture_url;this.#t.set(t.seq,s&&t.picture_url?{...t,picture_url:s}:t)}}};function Nt(i){return i.code==="unauthorized"||Lt.has(i.translation_key??"")}function Ut(i,e){return i.seq-e.seq}var ge=new Map,H=class i{#e;constructor(e){this.#e=e}static load(e){let{language:t}=e,s=ge.get(t);return s||(s=Promise.all([nt(e,"common"),nt(e,"exceptions")]).then(r=>new i(Object.assign({},...r))),s.catch(()=>ge.delete(t)),ge.set(t,s)),s}card(e,t={}){return this.#s(`common.card_${e}`,t)}status(e){let{status:t,reason:s}=e;if(t!=="failed")return this.card(t);if(X(e))return this.card("outcome_unknown");let r=this.#s(`common.reason_${s}`);return this.card("failed",{reason:r||(s??"")})}spoken(e){let t=e.recipient??e.number;return e.answer?this.card("spoken_answer",{recipient:t,answer:e.answer.text}):this.card("spoken_message",{recipient:t,status:this.status(e),text:e.text??this.card("no_text")})}error(e){if(e.code==="unauthorized")return this.card("not_allowed");switch(e.translation_key){case"account_not_chosen":return this.card("account_needed");case"service_config_entry_not_found":return this.card("unknown_account");case"service_found_no_config_entry_for_domain":return this.card("no_account");case"unknown_recipient":return this.card("unknown_recipient")}if(e.translation_domain==="inteltele"){let t=`exceptions.${e.translation_key}.message`;return this.#s(t,e.translation_placeholders)||this.card("error")}return this.card("error")}refusal(e){return e.translation_domain==="inteltele"||!e.message?this.error(e):e.message}#s(e,t={}){return(this.#e[`component.inteltele.${e}`]??"").replace(/\{(\w+)\}/g,(r,n)=>t[n]??r)}};async function nt(i,e){return(await i.callWS({type:"frontend/get_translations",language:i.language,category:e,integration:["inteltele"]})).resources}var ot={entity:"recipient",recipients:"recipients",config_entry_id:"account",title:"title",send_box:"send_box",show_price:"show_price",max_messages:"max_messages",height:"height",tap_action:"tap_action"},zt=new Set(["entity","recipients","config_entry_id","max_messages","height","tap_action"]),at={send_box:!0,show_price:!0},lt={filter:{integration:"inteltele",domain:"notify"}},Ot=[{name:"entity",selector:{entity:lt}},{name:"recipients",selector:{entity:{...lt,multiple:!0}}},{name:"config_entry_id",selector:{config_entry:{integration:"inteltele"}}},{name:"title",selector:{text:{}}},{name:"send_box",selector:{boolean:{}}},{name:"show_price",selector:{boolean:{}}},{name:"max_messages",selector:{number:{min:1,max:1e3,mode:"box"}}},{name:"height",selector:{number:{min:200,max:4e3,mode:"box",unit_of_measurement:"px"}}},{name:"tap_action",selector:{ui_action:{default_action:"none"}}}],_e=class extends _{static properties={hass:{attribute:!1},_config:{state:!0},_texts:{state:!0}};setConfig(e){this._config=e}willUpdate(){!this._texts&&this.hass&&H.load(this.hass).then(e=>{this._texts=e})}render(){let{_config:e,_texts:t}=this;if(!e||!t)return h;let s=ct(e);return d`<ha-form
      .hass=${this.hass}
      .data=${{...at,...e}}
      .schema=${Ot.filter(({name:r})=>!s.includes(r)&&!It(e,r))}
      .computeLabel=${({name:r})=>t.card(ot[r])}
      .computeHelper=${({name:r})=>zt.has(r)?t.card(`${ot[r]}_help`):void 0}
      @value-changed=${this._changed}
    ></ha-form>`}_changed(e){e.stopPropagation();let{value:t}=e.detail,s=ct(t),r=Object.fromEntries(Object.entries(t).filter(([n,o])=>o!==void 0&&o!==""&&!(Array.isArray(o)&&o.length===0)&&o!==at[n]&&!s.includes(n)));this.dispatchEvent(new CustomEvent("config-changed",{detail:{config:r},bubbles:!0,composed:!0}))}};function ct({entity:i,recipients:e}){return i?["recipients","config_entry_id"]:e?.length?["config_entry_id"]:[]}function It({height:i},e){return e==="height"&&typeof i=="string"}customElements.define("inteltele-messages-card-editor",_e);var ee=class{#e;#s;#t;#r;constructor(e){let{language:t,time_format:s,time_zone:r}=e.locale,n=r==="server"?{timeZone:e.config.time_zone}:void 0,o=s==="12"||s==="24"?{hour12:s==="12"}:void 0;this.#e=t,this.#s=new Intl.DateTimeFormat(t,{...n,dateStyle:"long"}),this.#t=new Intl.DateTimeFormat("sv-SE",{...n,dateStyle:"short"}),this.#r=new Intl.DateTimeFormat(s==="system"?void 0:t,{...n,...o,hour:"numeric",minute:"2-digit"})}day(e){let t=Math.round((this.#i(new Date(e))-this.#i(new Date))/864e5);if(t!==0&&t!==-1)return this.#s.format(new Date(e));let r=new Intl.RelativeTimeFormat(this.#e,{numeric:"auto"}).format(t,"day");return r.charAt(0).toLocaleUpperCase(this.#e)+r.slice(1)}time(e){return this.#r.format(new Date(e))}price(e,t){return new Intl.NumberFormat(this.#e,{style:"currency",currency:t,minimumFractionDigits:2,maximumFractionDigits:4}).format(e)}#i(e){return Date.parse(`${this.#t.format(e)}T00:00:00Z`)}};var te="inteltele-messages-card",se={type:te,name:"IntelTele messages",description:"Shows the Viber messages and SMS of your house, whether they arrived and what was answered, and lets you write.",preview:!0,getEntitySuggestion:Dt,documentationURL:"https://github.com/inteltele/inteltele-home-assistant"};window.customCards??=[];window.customCards.push(se);function ve(i,e){return Object.keys(i.entities).find(t=>{let s=i.entities[t];return t.startsWith("notify.")&&s?.platform==="inteltele"&&(e===void 0||s.device_id===e)})}function Dt(i,e){let t=i.entities[e];if(t?.platform!=="inteltele")return null;let s=ve(i,t.device_id),r={type:`custom:${te}`};return{config:s?{...r,entity:s}:r}}var ye="inteltele-picture-dialog";function dt(i,e){let t={dialogTag:ye,dialogImport:()=>Promise.resolve(),dialogParams:e};i.dispatchEvent(new CustomEvent("show-dialog",{detail:t,bubbles:!0,composed:!0}))}var be=class extends _{static properties={_shown:{state:!0},_small:{state:!0}};async showDialog(e){this._shown=e,this._small=!1,await this.updateComplete,this.renderRoot.querySelector("dialog")?.showModal()}closeDialog(){return this._close(),!0}render(){if(!this._shown)return h;let{message:e,texts:t}=this._shown,s=this._small?e.picture_url:e.full_picture_url;return d`<dialog
      aria-label=${t.card("picture")}
      @click=${this._close}
      @close=${this._closed}
      @keydown=${this._keyDown}
    >
      <img
        src=${s??""}
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
  `};customElements.define(ye,be);var ie=class{atEnd=!0;unread=0;firstUnread;#e;#s;#t=new ResizeObserver(()=>this.#n());#r=0;#i;#c=0;constructor(e,t){this.#e=e,this.#s=t,e.addController(this)}hostUpdated(){this.#n(),this.#t.disconnect();for(let e of this.#e.renderRoot.querySelectorAll(".scroller, ol"))this.#t.observe(e)}count(e){let t=Number(this.#i?.dataset.seq??0),s=this.atEnd?[]:e.filter(r=>r>=t);s.length>0&&this.unread===0?this.firstUnread=Math.min(...s):this.atEnd&&e.length>0&&(this.firstUnread=void 0),this.unread+=s.length}toNewest(){this.#a(!0),this.#n()}scrolled=()=>{let e=this.#o;if(!e)return;let{scrollTop:t,scrollHeight:s,clientHeight:r}=e;s-t-r<48?this.#a(!0):t<this.#r&&this.#a(!1),this.#r=t,this.#i=[...e.querySelectorAll(".bubble")].find(n=>xe(n,e)+n.clientHeight>0),this.#c=this.#i?xe(this.#i,e):0,t<48&&!this.atEnd&&this.#s()};get#o(){return this.#e.renderRoot.querySelector(".scroller")}#a(e){e&&(this.unread=0),e!==this.atEnd&&(this.atEnd=e,this.#e.requestUpdate())}#n(){let e=this.#o;if(!e)return;let t=this.atEnd?e.scrollHeight-e.clientHeight-e.scrollTop:this.#i?.isConnected?xe(this.#i,e)-this.#c:0;Math.abs(t)>=1&&(e.scrollTop+=t)}};function xe(i,e){return i.getBoundingClientRect().top-e.getBoundingClientRect().top}var $e=1e3,Vt=200,qt=400,we=class extends _{static properties={hass:{attribute:!1},texts:{attribute:!1},recipients:{attribute:!1},_chosen:{state:!0},_sending:{state:!0},_error:{state:!0},_left:{state:!0},_size:{state:!0},_spoken:{state:!0}};_pause;constructor(){super(),this._sending=!1,this._left=$e}disconnectedCallback(){super.disconnectedCallback(),clearTimeout(this._pause)}render(){let{texts:e,recipients:t}=this;return d`
      ${this._error?d`<p role="alert">${this._error}</p>`:h}
      <form @submit=${this._submit}>
        ${t.length>1?this._choice():h}
        <textarea
          rows="1"
          maxlength=${$e}
          aria-label=${e.card("text")}
          aria-describedby="room"
          placeholder=${e.card("text")}
          ?readonly=${this._sending}
          @input=${this._count}
          @keydown=${this._keyDown}
        ></textarea>
        <button type="submit" aria-label=${e.card("send")} title=${e.card("send")} ?disabled=${this._sending}>
          ${v("send")}
        </button>
      </form>
      <p id="room">${this._room}</p>
      <div class="unseen" role="status">${this._spoken}</div>
    `}get _room(){let{texts:e,_left:t,_size:s}=this,r=String(s?.sms_parts),n=s?.shortened?e.card("sms_shortened",{count:r}):e.card("sms_parts",{count:r});return[s?.sms_parts?n:"",t>Vt?"":e.card("characters_left",{count:String(t)})].filter(Boolean).join(" · ")}get _text(){return this.renderRoot.querySelector("textarea")?.value??""}_count(){this._left=$e-this._text.length,clearTimeout(this._pause),this._pause=setTimeout(()=>{this._countParts()},qt)}async _countParts(){let{hass:e,_text:t,_to:s}=this,r="inteltele/messages/preview",n;if(t.trim()&&s)try{n=await e.callWS({type:r,recipient:s,message:t})}catch{}t===this._text&&s===this._to&&(this._size=n,this._spoken=this._room)}_choice(){return d`<select aria-label=${this.texts.card("to")} @change=${this._choose}>
      ${this.recipients.map(({entity_id:e,name:t})=>d`<option value=${e} ?selected=${e===this._to}>${t}</option>`)}
    </select>`}get _to(){let e=this.recipients.map(({entity_id:t})=>t);return e.find(t=>t===this._chosen)??e[0]}_choose(e){this._chosen=e.target.value,this._size=void 0,this._count()}_keyDown(e){e.key==="Enter"&&!e.shiftKey&&!e.isComposing&&(e.preventDefault(),this.renderRoot.querySelector("form")?.requestSubmit())}async _submit(e){e.preventDefault();let t=this.renderRoot.querySelector("textarea"),s=this._to;if(!t?.value.trim()||!s||this._sending){t?.focus();return}this._sending=!0,this._error=void 0,this.dispatchEvent(new CustomEvent("inteltele-sending"));try{await this.hass.callService("inteltele","send_message",{message:t.value},{entity_id:s},!1),t.value="",this._size=void 0,this._count()}catch(r){this._error=this.texts.refusal(r)}finally{this._sending=!1,t.focus()}}static styles=A`
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
  `};customElements.define("inteltele-send-box",we);var ht=A`
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
`;var Bt=5,Ae=class extends _{static properties={hass:{attribute:!1},layout:{reflect:!0},preview:{type:Boolean},_config:{state:!0},_texts:{state:!0},_announcements:{state:!0}};static styles=ht;_conversation=new Q(this,(e,t)=>{this._announce(e),this._place.count(t)});_place=new ie(this,()=>{this._conversation.loadOlder()});_again=new I(this);_gone=new Set;_language;_format;constructor(){super(),this._announcements=[]}static getConfigElement(){return document.createElement("inteltele-messages-card-editor")}static getStubConfig(e){let t=ve(e);return t?{entity:t}:{}}setConfig(e){let t=rt(e);this._config=t,this._conversation.config=t;let s=fe(t);s===void 0?this.style.removeProperty("--_height"):this.style.setProperty("--_height",s)}getCardSize(){let e=this._config?.height;return typeof e=="number"?Math.ceil(e/50):10}getGridOptions(){return{columns:12,min_columns:9,rows:8,min_rows:5}}willUpdate(e){if(!e.has("hass")||!this.hass)return;this._conversation.hass=this.hass;let t=e.get("hass");(!this._format||t?.locale!==this.hass.locale)&&(this._format=new ee(this.hass)),this._language!==this.hass.language&&(this._language=this.hass.language,this._loadTexts(this.hass))}async _loadTexts(e){try{this._texts=await H.load(e),se.name=this._texts.card("name"),se.description=this._texts.card("description")}catch{this._language=void 0}}shouldUpdate(e){let t=e.get("hass");return e.size!==1||!e.has("hass")||t?.locale!==this.hass?.locale||this._language!==this.hass?.language||t?.connection!==this.hass?.connection}render(){let{hass:e,_config:t,_texts:s}=this;if(!e||!t||!s)return d`<ha-card aria-busy="true"></ha-card>`;let r=this._conversation.account,n=t.entity?[t.entity]:t.recipients,o=(r?.recipients??[]).filter(({entity_id:u})=>!n?.length||n.includes(u)),c=e.translationMetadata.translations[e.language]?.isRTL??!1,a=t.title??(t.entity&&o[0]?.name||s.card("name"));return d`
      <ha-card dir=${c?"rtl":"ltr"}>
        <h2>${this._heading(a,t)}</h2>
        ${this._content(s,e)}
        <div class="unseen" role="log">${this._announcements.map(u=>d`<p>${u}</p>`)}</div>
        ${o.length>0&&t.send_box!==!1?d`<inteltele-send-box
                .hass=${e}
                .texts=${s}
                .recipients=${o}
                @inteltele-sending=${()=>this._place.toNewest()}
              ></inteltele-send-box>`:h}
      </ha-card>
    `}_heading(e,t){return(t.tap_action?.action??"none")==="none"?d`<bdi>${e}</bdi>`:d`<button @click=${()=>this._tapped(t)}><bdi>${e}</bdi></button>`}_tapped(e){let t={config:e,action:"tap"};this.dispatchEvent(new CustomEvent("hass-action",{detail:t,bubbles:!0,composed:!0}))}_content(e,t){let{messages:s,error:r,account:n,hasOlder:o,loadingOlder:c}=this._conversation;if(!s||!n||!this._format)return r?d`<p class="notice error" role="alert">${e.error(r)}</p>`:d`<p class="notice" aria-busy="true">${e.card("loading")}</p>`;let a=this._context(e,this._format,n,t),{atEnd:u,unread:m}=this._place;return d`<div class="conversation">
      <div class="scroller" tabindex="0" role="region" aria-label=${e.card("messages")} @scroll=${this._place.scrolled}>
        ${r?d`<p class="notice error" role="alert">${e.error(r)}</p>`:h}
        ${o?d`<button class="older" ?disabled=${c} @click=${()=>this._conversation.loadOlder()}>${e.card("older")}</button>`:h}
        ${s.length>0?d`<ol>${this._items(s,a)}</ol>`:d`<p class="notice">${e.card("empty")}</p>`}
      </div>
      ${u?h:d`<button class="newest" @click=${this._toNewest}>
              ${v("newest")}${m>0?e.card("to_newest_count",{count:String(m)}):e.card("to_newest")}
            </button>`}
    </div>`}_context(e,t,s,r){let{entity:n,show_price:o,send_box:c}=this._config??{};return{texts:e,format:t,currency:o===!1?void 0:s.currency,showRecipient:!n,goneFrom:this._gone,again:this._again,onPictureGone:a=>{this._gone.add(a),this.requestUpdate()},onPicture:a=>dt(this,{message:a,texts:e}),onAgain:a=>{let u=c===!1?void 0:I.fields(a,s,r);return u&&(async()=>{await this._again.send(a,u,r,e)&&this._toNewest()})}}}_toNewest(){this.renderRoot.querySelector(".scroller")?.focus(),this._place.toNewest()}_items(e,t){let s=e.map(({sent_at:r})=>t.format.day(r));return Qe(e,({seq:r})=>r,(r,n)=>d`
        ${s[n]===s[n-1]?h:d`<li class="day">${s[n]}</li>`}
        ${r.seq===this._place.firstUnread?d`<li class="day new">${t.texts.card("new")}</li>`:h}
        ${st(r,t)}
      `)}_announce(e){let t=e.map(s=>this._texts?.spoken(s)??"");this._announcements=[...this._announcements,...t].slice(-Bt)}};customElements.define(te,Ae);export{Ae as MessagesCard};
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
