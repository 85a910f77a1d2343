// Made by scripts/card from frontend/; the sources' fingerprint is 08d33b5910ea5ed69b239402c982bb286390f5a553a5e423b210ddbfe63b1d18.
var z=globalThis,I=z.ShadowRoot&&(z.ShadyCSS===void 0||z.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,Q=Symbol(),_t=new WeakMap,P=class{constructor(t,e,s){if(this._$cssResult$=!0,s!==Q)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=t,this.t=e}get styleSheet(){let t=this.o,e=this.t;if(I&&t===void 0){let s=e!==void 0&&e.length===1;s&&(t=_t.get(e)),t===void 0&&((this.o=t=new CSSStyleSheet).replaceSync(this.cssText),s&&_t.set(e,t))}return t}toString(){return this.cssText}},$t=i=>new P(typeof i=="string"?i:i+"",void 0,Q),k=(i,...t)=>{let e=i.length===1?i[0]:t.reduce((s,r,o)=>s+(n=>{if(n._$cssResult$===!0)return n.cssText;if(typeof n=="number")return n;throw Error("Value passed to 'css' function must be a 'css' function result: "+n+". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.")})(r)+i[o+1],i[0]);return new P(e,i,Q)},vt=(i,t)=>{if(I)i.adoptedStyleSheets=t.map(e=>e instanceof CSSStyleSheet?e:e.styleSheet);else for(let e of t){let s=document.createElement("style"),r=z.litNonce;r!==void 0&&s.setAttribute("nonce",r),s.textContent=e.cssText,i.appendChild(s)}},tt=I?i=>i:i=>i instanceof CSSStyleSheet?(t=>{let e="";for(let s of t.cssRules)e+=s.cssText;return $t(e)})(i):i;var{is:Jt,defineProperty:Xt,getOwnPropertyDescriptor:Qt,getOwnPropertyNames:te,getOwnPropertySymbols:ee,getPrototypeOf:se}=Object,B=globalThis,yt=B.trustedTypes,ie=yt?yt.emptyScript:"",re=B.reactiveElementPolyfillSupport,L=(i,t)=>i,et={toAttribute(i,t){switch(t){case Boolean:i=i?ie:null;break;case Object:case Array:i=i==null?i:JSON.stringify(i)}return i},fromAttribute(i,t){let e=i;switch(t){case Boolean:e=i!==null;break;case Number:e=i===null?null:Number(i);break;case Object:case Array:try{e=JSON.parse(i)}catch{e=null}}return e}},xt=(i,t)=>!Jt(i,t),bt={attribute:!0,type:String,converter:et,reflect:!1,useDefault:!1,hasChanged:xt};Symbol.metadata??=Symbol("metadata"),B.litPropertyMetadata??=new WeakMap;var v=class extends HTMLElement{static addInitializer(t){this._$Ei(),(this.l??=[]).push(t)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(t,e=bt){if(e.state&&(e.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(t)&&((e=Object.create(e)).wrapped=!0),this.elementProperties.set(t,e),!e.noAccessor){let s=Symbol(),r=this.getPropertyDescriptor(t,s,e);r!==void 0&&Xt(this.prototype,t,r)}}static getPropertyDescriptor(t,e,s){let{get:r,set:o}=Qt(this.prototype,t)??{get(){return this[e]},set(n){this[e]=n}};return{get:r,set(n){let c=r?.call(this);o?.call(this,n),this.requestUpdate(t,c,s)},configurable:!0,enumerable:!0}}static getPropertyOptions(t){return this.elementProperties.get(t)??bt}static _$Ei(){if(this.hasOwnProperty(L("elementProperties")))return;let t=se(this);t.finalize(),t.l!==void 0&&(this.l=[...t.l]),this.elementProperties=new Map(t.elementProperties)}static finalize(){if(this.hasOwnProperty(L("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(L("properties"))){let e=this.properties,s=[...te(e),...ee(e)];for(let r of s)this.createProperty(r,e[r])}let t=this[Symbol.metadata];if(t!==null){let e=litPropertyMetadata.get(t);if(e!==void 0)for(let[s,r]of e)this.elementProperties.set(s,r)}this._$Eh=new Map;for(let[e,s]of this.elementProperties){let r=this._$Eu(e,s);r!==void 0&&this._$Eh.set(r,e)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(t){let e=[];if(Array.isArray(t)){let s=new Set(t.flat(1/0).reverse());for(let r of s)e.unshift(tt(r))}else t!==void 0&&e.push(tt(t));return e}static _$Eu(t,e){let s=e.attribute;return s===!1?void 0:typeof s=="string"?s:typeof t=="string"?t.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(t=>this.enableUpdating=t),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(t=>t(this))}addController(t){(this._$EO??=new Set).add(t),this.renderRoot!==void 0&&this.isConnected&&t.hostConnected?.()}removeController(t){this._$EO?.delete(t)}_$E_(){let t=new Map,e=this.constructor.elementProperties;for(let s of e.keys())this.hasOwnProperty(s)&&(t.set(s,this[s]),delete this[s]);t.size>0&&(this._$Ep=t)}createRenderRoot(){let t=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return vt(t,this.constructor.elementStyles),t}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(t=>t.hostConnected?.())}enableUpdating(t){}disconnectedCallback(){this._$EO?.forEach(t=>t.hostDisconnected?.())}attributeChangedCallback(t,e,s){this._$AK(t,s)}_$ET(t,e){let s=this.constructor.elementProperties.get(t),r=this.constructor._$Eu(t,s);if(r!==void 0&&s.reflect===!0){let o=(s.converter?.toAttribute!==void 0?s.converter:et).toAttribute(e,s.type);this._$Em=t,o==null?this.removeAttribute(r):this.setAttribute(r,o),this._$Em=null}}_$AK(t,e){let s=this.constructor,r=s._$Eh.get(t);if(r!==void 0&&this._$Em!==r){let o=s.getPropertyOptions(r),n=typeof o.converter=="function"?{fromAttribute:o.converter}:o.converter?.fromAttribute!==void 0?o.converter:et;this._$Em=r;let c=n.fromAttribute(e,o.type);this[r]=c??this._$Ej?.get(r)??c,this._$Em=null}}requestUpdate(t,e,s,r=!1,o){if(t!==void 0){let n=this.constructor;if(r===!1&&(o=this[t]),s??=n.getPropertyOptions(t),!((s.hasChanged??xt)(o,e)||s.useDefault&&s.reflect&&o===this._$Ej?.get(t)&&!this.hasAttribute(n._$Eu(t,s))))return;this.C(t,e,s)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(t,e,{useDefault:s,reflect:r,wrapped:o},n){s&&!(this._$Ej??=new Map).has(t)&&(this._$Ej.set(t,n??e??this[t]),o!==!0||n!==void 0)||(this._$AL.has(t)||(this.hasUpdated||s||(e=void 0),this._$AL.set(t,e)),r===!0&&this._$Em!==t&&(this._$Eq??=new Set).add(t))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(e){Promise.reject(e)}let t=this.scheduleUpdate();return t!=null&&await t,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[r,o]of this._$Ep)this[r]=o;this._$Ep=void 0}let s=this.constructor.elementProperties;if(s.size>0)for(let[r,o]of s){let{wrapped:n}=o,c=this[r];n!==!0||this._$AL.has(r)||c===void 0||this.C(r,void 0,o,c)}}let t=!1,e=this._$AL;try{t=this.shouldUpdate(e),t?(this.willUpdate(e),this._$EO?.forEach(s=>s.hostUpdate?.()),this.update(e)):this._$EM()}catch(s){throw t=!1,this._$EM(),s}t&&this._$AE(e)}willUpdate(t){}_$AE(t){this._$EO?.forEach(e=>e.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(t)),this.updated(t)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(t){return!0}update(t){this._$Eq&&=this._$Eq.forEach(e=>this._$ET(e,this[e])),this._$EM()}updated(t){}firstUpdated(t){}};v.elementStyles=[],v.shadowRootOptions={mode:"open"},v[L("elementProperties")]=new Map,v[L("finalized")]=new Map,re?.({ReactiveElement:v}),(B.reactiveElementVersions??=[]).push("2.1.2");var it=globalThis,At=i=>i,V=it.trustedTypes,wt=V?V.createPolicy("lit-html",{createHTML:i=>i}):void 0,rt="$lit$",y=`lit$${Math.random().toFixed(9).slice(2)}$`,ot="?"+y,oe=`<${ot}>`,E=document,U=()=>E.createComment(""),N=i=>i===null||typeof i!="object"&&typeof i!="function",nt=Array.isArray,Ht=i=>nt(i)||typeof i?.[Symbol.iterator]=="function",st=`[ 	
\f\r]`,O=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,Et=/-->/g,Ct=/>/g,A=RegExp(`>|${st}(?:([^\\s"'>=/]+)(${st}*=${st}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),St=/'/g,Tt=/"/g,Mt=/^(?:script|style|textarea|title)$/i,at=i=>(t,...e)=>({_$litType$:i,strings:t,values:e}),h=at(1),Pt=at(2),we=at(3),b=Symbol.for("lit-noChange"),d=Symbol.for("lit-nothing"),Rt=new WeakMap,w=E.createTreeWalker(E,129);function kt(i,t){if(!nt(i)||!i.hasOwnProperty("raw"))throw Error("invalid template strings array");return wt!==void 0?wt.createHTML(t):t}var Lt=(i,t)=>{let e=i.length-1,s=[],r,o=t===2?"<svg>":t===3?"<math>":"",n=O;for(let c=0;c<e;c++){let a=i[c],u,m,l=-1,f=0;for(;f<a.length&&(n.lastIndex=f,m=n.exec(a),m!==null);)f=n.lastIndex,n===O?m[1]==="!--"?n=Et:m[1]!==void 0?n=Ct:m[2]!==void 0?(Mt.test(m[2])&&(r=RegExp("</"+m[2],"g")),n=A):m[3]!==void 0&&(n=A):n===A?m[0]===">"?(n=r??O,l=-1):m[1]===void 0?l=-2:(l=n.lastIndex-m[2].length,u=m[1],n=m[3]===void 0?A:m[3]==='"'?Tt:St):n===Tt||n===St?n=A:n===Et||n===Ct?n=O:(n=A,r=void 0);let p=n===A&&i[c+1].startsWith("/>")?" ":"";o+=n===O?a+oe:l>=0?(s.push(u),a.slice(0,l)+rt+a.slice(l)+y+p):a+y+(l===-2?c:p)}return[kt(i,o+(i[e]||"<?>")+(t===2?"</svg>":t===3?"</math>":"")),s]},D=class i{constructor({strings:t,_$litType$:e},s){let r;this.parts=[];let o=0,n=0,c=t.length-1,a=this.parts,[u,m]=Lt(t,e);if(this.el=i.createElement(u,s),w.currentNode=this.el.content,e===2||e===3){let l=this.el.content.firstChild;l.replaceWith(...l.childNodes)}for(;(r=w.nextNode())!==null&&a.length<c;){if(r.nodeType===1){if(r.hasAttributes())for(let l of r.getAttributeNames())if(l.endsWith(rt)){let f=m[n++],p=r.getAttribute(l).split(y),g=/([.?@])?(.*)/.exec(f);a.push({type:1,index:o,name:g[2],strings:p,ctor:g[1]==="."?F:g[1]==="?"?j:g[1]==="@"?W:S}),r.removeAttribute(l)}else l.startsWith(y)&&(a.push({type:6,index:o}),r.removeAttribute(l));if(Mt.test(r.tagName)){let l=r.textContent.split(y),f=l.length-1;if(f>0){r.textContent=V?V.emptyScript:"";for(let p=0;p<f;p++)r.append(l[p],U()),w.nextNode(),a.push({type:2,index:++o});r.append(l[f],U())}}}else if(r.nodeType===8)if(r.data===ot)a.push({type:2,index:o});else{let l=-1;for(;(l=r.data.indexOf(y,l+1))!==-1;)a.push({type:7,index:o}),l+=y.length-1}o++}}static createElement(t,e){let s=E.createElement("template");return s.innerHTML=t,s}};function C(i,t,e=i,s){if(t===b)return t;let r=s!==void 0?e._$Co?.[s]:e._$Cl,o=N(t)?void 0:t._$litDirective$;return r?.constructor!==o&&(r?._$AO?.(!1),o===void 0?r=void 0:(r=new o(i),r._$AT(i,e,s)),s!==void 0?(e._$Co??=[])[s]=r:e._$Cl=r),r!==void 0&&(t=C(i,r._$AS(i,t.values),r,s)),t}var q=class{constructor(t,e){this._$AV=[],this._$AN=void 0,this._$AD=t,this._$AM=e}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(t){let{el:{content:e},parts:s}=this._$AD,r=(t?.creationScope??E).importNode(e,!0);w.currentNode=r;let o=w.nextNode(),n=0,c=0,a=s[0];for(;a!==void 0;){if(n===a.index){let u;a.type===2?u=new T(o,o.nextSibling,this,t):a.type===1?u=new a.ctor(o,a.name,a.strings,this,t):a.type===6&&(u=new Z(o,this,t)),this._$AV.push(u),a=s[++c]}n!==a?.index&&(o=w.nextNode(),n++)}return w.currentNode=E,r}p(t){let e=0;for(let s of this._$AV)s!==void 0&&(s.strings!==void 0?(s._$AI(t,s,e),e+=s.strings.length-2):s._$AI(t[e])),e++}},T=class i{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(t,e,s,r){this.type=2,this._$AH=d,this._$AN=void 0,this._$AA=t,this._$AB=e,this._$AM=s,this.options=r,this._$Cv=r?.isConnected??!0}get parentNode(){let t=this._$AA.parentNode,e=this._$AM;return e!==void 0&&t?.nodeType===11&&(t=e.parentNode),t}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(t,e=this){t=C(this,t,e),N(t)?t===d||t==null||t===""?(this._$AH!==d&&this._$AR(),this._$AH=d):t!==this._$AH&&t!==b&&this._(t):t._$litType$!==void 0?this.$(t):t.nodeType!==void 0?this.T(t):Ht(t)?this.k(t):this._(t)}O(t){return this._$AA.parentNode.insertBefore(t,this._$AB)}T(t){this._$AH!==t&&(this._$AR(),this._$AH=this.O(t))}_(t){this._$AH!==d&&N(this._$AH)?this._$AA.nextSibling.data=t:this.T(E.createTextNode(t)),this._$AH=t}$(t){let{values:e,_$litType$:s}=t,r=typeof s=="number"?this._$AC(t):(s.el===void 0&&(s.el=D.createElement(kt(s.h,s.h[0]),this.options)),s);if(this._$AH?._$AD===r)this._$AH.p(e);else{let o=new q(r,this),n=o.u(this.options);o.p(e),this.T(n),this._$AH=o}}_$AC(t){let e=Rt.get(t.strings);return e===void 0&&Rt.set(t.strings,e=new D(t)),e}k(t){nt(this._$AH)||(this._$AH=[],this._$AR());let e=this._$AH,s,r=0;for(let o of t)r===e.length?e.push(s=new i(this.O(U()),this.O(U()),this,this.options)):s=e[r],s._$AI(o),r++;r<e.length&&(this._$AR(s&&s._$AB.nextSibling,r),e.length=r)}_$AR(t=this._$AA.nextSibling,e){for(this._$AP?.(!1,!0,e);t!==this._$AB;){let s=At(t).nextSibling;At(t).remove(),t=s}}setConnected(t){this._$AM===void 0&&(this._$Cv=t,this._$AP?.(t))}},S=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(t,e,s,r,o){this.type=1,this._$AH=d,this._$AN=void 0,this.element=t,this.name=e,this._$AM=r,this.options=o,s.length>2||s[0]!==""||s[1]!==""?(this._$AH=Array(s.length-1).fill(new String),this.strings=s):this._$AH=d}_$AI(t,e=this,s,r){let o=this.strings,n=!1;if(o===void 0)t=C(this,t,e,0),n=!N(t)||t!==this._$AH&&t!==b,n&&(this._$AH=t);else{let c=t,a,u;for(t=o[0],a=0;a<o.length-1;a++)u=C(this,c[s+a],e,a),u===b&&(u=this._$AH[a]),n||=!N(u)||u!==this._$AH[a],u===d?t=d:t!==d&&(t+=(u??"")+o[a+1]),this._$AH[a]=u}n&&!r&&this.j(t)}j(t){t===d?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,t??"")}},F=class extends S{constructor(){super(...arguments),this.type=3}j(t){this.element[this.name]=t===d?void 0:t}},j=class extends S{constructor(){super(...arguments),this.type=4}j(t){this.element.toggleAttribute(this.name,!!t&&t!==d)}},W=class extends S{constructor(t,e,s,r,o){super(t,e,s,r,o),this.type=5}_$AI(t,e=this){if((t=C(this,t,e,0)??d)===b)return;let s=this._$AH,r=t===d&&s!==d||t.capture!==s.capture||t.once!==s.once||t.passive!==s.passive,o=t!==d&&(s===d||r);r&&this.element.removeEventListener(this.name,this,s),o&&this.element.addEventListener(this.name,this,t),this._$AH=t}handleEvent(t){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,t):this._$AH.handleEvent(t)}},Z=class{constructor(t,e,s){this.element=t,this.type=6,this._$AN=void 0,this._$AM=e,this.options=s}get _$AU(){return this._$AM._$AU}_$AI(t){C(this,t)}},Ot={M:rt,P:y,A:ot,C:1,L:Lt,R:q,D:Ht,V:C,I:T,H:S,N:j,U:W,B:F,F:Z},ne=it.litHtmlPolyfillSupport;ne?.(D,T),(it.litHtmlVersions??=[]).push("3.3.3");var Ut=(i,t,e)=>{let s=e?.renderBefore??t,r=s._$litPart$;if(r===void 0){let o=e?.renderBefore??null;s._$litPart$=r=new T(t.insertBefore(U(),o),o,void 0,e??{})}return r._$AI(i),r};var lt=globalThis,_=class extends v{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let t=super.createRenderRoot();return this.renderOptions.renderBefore??=t.firstChild,t}update(t){let e=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(t),this._$Do=Ut(e,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return b}};_._$litElement$=!0,_.finalized=!0,lt.litElementHydrateSupport?.({LitElement:_});var ae=lt.litElementPolyfillSupport;ae?.({LitElement:_});(lt.litElementVersions??=[]).push("4.2.2");var Nt={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},Dt=i=>(...t)=>({_$litDirective$:i,values:t}),Y=class{constructor(t){}get _$AU(){return this._$AM._$AU}_$AT(t,e,s){this._$Ct=t,this._$AM=e,this._$Ci=s}_$AS(t,e){return this.update(t,e)}update(t,e){return this.render(...e)}};var{I:le}=Ot,zt=i=>i;var It=()=>document.createComment(""),R=(i,t,e)=>{let s=i._$AA.parentNode,r=t===void 0?i._$AB:t._$AA;if(e===void 0){let o=s.insertBefore(It(),r),n=s.insertBefore(It(),r);e=new le(o,n,i,i.options)}else{let o=e._$AB.nextSibling,n=e._$AM,c=n!==i;if(c){let a;e._$AQ?.(i),e._$AM=i,e._$AP!==void 0&&(a=i._$AU)!==n._$AU&&e._$AP(a)}if(o!==r||c){let a=e._$AA;for(;a!==o;){let u=zt(a).nextSibling;zt(s).insertBefore(a,r),a=u}}}return e},x=(i,t,e=i)=>(i._$AI(t,e),i),ce={},Bt=(i,t=ce)=>i._$AH=t,Vt=i=>i._$AH,K=i=>{i._$AR(),i._$AA.remove()};var qt=(i,t,e)=>{let s=new Map;for(let r=t;r<=e;r++)s.set(i[r],r);return s},Ft=Dt(class extends Y{constructor(i){if(super(i),i.type!==Nt.CHILD)throw Error("repeat() can only be used in text expressions")}dt(i,t,e){let s;e===void 0?e=t:t!==void 0&&(s=t);let r=[],o=[],n=0;for(let c of i)r[n]=s?s(c,n):n,o[n]=e(c,n),n++;return{values:o,keys:r}}render(i,t,e){return this.dt(i,t,e).values}update(i,[t,e,s]){let r=Vt(i),{values:o,keys:n}=this.dt(t,e,s);if(!Array.isArray(r))return this.ut=n,o;let c=this.ut??=[],a=[],u,m,l=0,f=r.length-1,p=0,g=o.length-1;for(;l<=f&&p<=g;)if(r[l]===null)l++;else if(r[f]===null)f--;else if(c[l]===n[p])a[p]=x(r[l],o[p]),l++,p++;else if(c[f]===n[g])a[g]=x(r[f],o[g]),f--,g--;else if(c[l]===n[g])a[g]=x(r[l],o[g]),R(i,a[g+1],r[l]),l++,g--;else if(c[f]===n[p])a[p]=x(r[f],o[p]),R(i,r[l],r[f]),f--,p++;else if(u===void 0&&(u=qt(n,p,g),m=qt(c,l,f)),u.has(c[l]))if(u.has(c[f])){let $=m.get(n[p]),X=$!==void 0?r[$]:null;if(X===null){let gt=R(i,r[l]);x(gt,o[p]),a[p]=gt}else a[p]=x(X,o[p]),R(i,r[l],X),r[$]=null;p++}else K(r[f]),f--;else K(r[l]),l++;for(;p<=g;){let $=R(i,a[g+1]);x($,o[p]),a[p++]=$}for(;l<=f;){let $=r[l++];$!==null&&K($)}return this.ut=n,Bt(i,a),b}});var de={queued:"M12,20A8,8 0 0,0 20,12A8,8 0 0,0 12,4A8,8 0 0,0 4,12A8,8 0 0,0 12,20M12,2A10,10 0 0,1 22,12A10,10 0 0,1 12,22C6.47,22 2,17.5 2,12A10,10 0 0,1 12,2M12.5,7V12.25L17,14.92L16.25,16.15L11,13V7H12.5Z",sent:"M21,7L9,19L3.5,13.5L4.91,12.09L9,16.17L19.59,5.59L21,7Z",delivered:"M0.41,13.41L6,19L7.41,17.58L1.83,12M22.24,5.58L11.66,16.17L7.5,12L6.07,13.41L11.66,19L23.66,7M18,7L16.59,5.58L10.24,11.93L11.66,13.34L18,7Z",failed:"M11,15H13V17H11V15M11,7H13V13H11V7M12,2C6.47,2 2,6.5 2,12A10,10 0 0,0 12,22A10,10 0 0,0 22,12A10,10 0 0,0 12,2M12,20A8,8 0 0,1 4,12A8,8 0 0,1 12,4A8,8 0 0,1 20,12A8,8 0 0,1 12,20Z",picture:"M19,19H5V5H19M19,3H5A2,2 0 0,0 3,5V19A2,2 0 0,0 5,21H19A2,2 0 0,0 21,19V5A2,2 0 0,0 19,3M13.96,12.29L11.21,15.83L9.25,13.47L6.5,17H17.5L13.96,12.29Z",answer:"M10,9V5L3,12L10,19V14.9C15,14.9 18.5,16.5 21,20C20,15 17,10 10,9Z",send:"M2,21L23,12L2,3V10L17,12L2,14V21Z"};function H(i){return Pt`<svg class="icon ${i}" viewBox="0 0 24 24" aria-hidden="true"><path d=${de[i]} /></svg>`}function jt(i,t){let{texts:e,format:s,showRecipient:r}=t,o=i.recipient??i.number;return h`
    <li class="bubble out ${i.status}" data-seq=${i.seq}>
      ${r?h`<div class="whom" dir="auto">${o}</div>`:d}
      ${ue(i,t)} ${pe(i,e)}
      ${i.button?h`<div class="button" dir="auto">${i.button}</div>`:d}
      <div class="foot">
        ${i.cost===null?d:h`<span>${s.price(i.cost,t.currency)}</span>`}
        <time datetime=${i.sent_at}>${s.time(i.sent_at)}</time>
        ${fe(i,e)}
      </div>
      ${i.status==="failed"?h`<div class="reason">${e.status(i)}</div>`:d}
    </li>
    ${i.answer?he(i.answer,i,t):d}
  `}function he(i,t,{texts:e,format:s}){return h`
    <li class="bubble in">
      <div class="whom" dir="auto">${H("answer")}${t.recipient??t.number}</div>
      <div class="text" dir="auto"><span class="unseen">${e.card("answer")}: </span>${i.text}</div>
      <div class="foot">
        <time datetime=${i.given_at}>${s.time(i.given_at)}</time>
      </div>
    </li>
  `}function pe(i,t){if(i.text===null)return h`<div class="text none">${t.card("no_text")}</div>`;let e=/^\*([^*\n]+)\*(?:\n|$)/.exec(i.text),s=e?i.text.slice(e[0].length):i.text;return h`<div class="text" dir="auto">${e?h`<strong>${e[1]}</strong>`:d}${s}</div>`}function ue(i,{texts:t,goneFrom:e,onPictureGone:s}){return i.has_picture?i.picture_url===null||e.has(i.seq)?h`<div class="gone">${H("picture")}${t.card("picture_gone")}</div>`:h`<img
    src=${i.picture_url}
    alt=${t.card("picture")}
    @error=${()=>s(i.seq)}
  />`:d}function fe(i,t){let e=t.status(i);return h`<span class="tick" role="img" aria-label=${e} title=${e}>${H(i.status)}</span>`}var G=class{account;error;hasOlder=!1;loadingOlder=!1;#t;#e;#s=new Map;#i;#r={};#h=!1;#o;#l;#u;#a=2e3;#n=0;constructor(t,e){this.#t=t,this.#e=e,t.addController(this)}get messages(){return this.account&&[...this.#s.values()].sort(me)}hostConnected(){this.#h=!0,this.#c()}hostDisconnected(){this.#h=!1,this.#d()}set hass(t){this.#i=t,t?.connection!==this.#o&&(this.#d(),this.#c())}set config(t){let e={};t.entity?e.recipient=t.entity:t.config_entry_id&&(e.config_entry_id=t.config_entry_id),JSON.stringify(e)!==JSON.stringify(this.#r)&&(this.#r=e,this.account=void 0,this.#s.clear(),this.#d(),this.#c())}async loadOlder(){let t=this.messages?.[0];if(!this.#i||!t||!this.hasOlder||this.loadingOlder)return;let e=this.#n;this.loadingOlder=!0,this.#t.requestUpdate();try{let s=await this.#i.callWS({type:"inteltele/messages/list",...this.#r,before:t.seq});e===this.#n&&(this.hasOlder=s.has_older,this.#p(s.messages))}catch(s){this.error=s}finally{this.loadingOlder=!1,this.#t.requestUpdate()}}#f=()=>{this.#l=void 0,this.#d(),this.#c()};#c(){!this.#h||!this.#i||this.#o||(this.#o=this.#i.connection,this.#o.addEventListener("ready",this.#f),this.#m(this.#o))}#d(){this.#n+=1,clearTimeout(this.#u),this.#a=2e3,this.#o?.removeEventListener("ready",this.#f),this.#o=void 0,this.#l?.().catch(()=>{}),this.#l=void 0}async#m(t){let e=++this.#n;try{let s=await t.subscribeMessage(r=>e===this.#n&&this.#g(r),{type:"inteltele/messages/subscribe",...this.#r},{resubscribe:!1});e===this.#n?this.#l=s:await s()}catch(s){if(e!==this.#n)return;this.error=s,this.#t.requestUpdate(),this.#u=setTimeout(()=>{this.#m(t)},this.#a),this.#a=Math.min(this.#a*2,6e4)}}#g(t){if(this.error=void 0,this.#a=2e3,t.kind==="page")this.account=t,this.hasOlder=t.has_older,this.#s.clear(),this.#p(t.messages);else{let e=t.messages.filter(s=>this.#_(s));this.#p(t.messages),this.#e(e)}this.#t.requestUpdate()}#_(t){let e=this.#s.get(t.seq);return e?.status!==t.status||e.answer?.text!==t.answer?.text}#p(t){for(let e of t){let s=this.#s.get(e.seq)?.picture_url;this.#s.set(e.seq,s&&e.picture_url?{...e,picture_url:s}:e)}}};function me(i,t){return i.seq-t.seq}var ct=new Map,M=class i{#t;constructor(t){this.#t=t}static load(t){let{language:e}=t,s=ct.get(e);return s||(s=Promise.all([Wt(t,"common"),Wt(t,"exceptions")]).then(r=>new i(Object.assign({},...r))),s.catch(()=>ct.delete(e)),ct.set(e,s)),s}card(t,e={}){return this.#e(`common.card_${t}`,e)}status({status:t,reason:e}){if(t!=="failed")return this.card(t);if(e==="outcome_unknown")return this.card("outcome_unknown");let s=this.#e(`common.reason_${e}`);return this.card("failed",{reason:s||(e??"")})}spoken(t){let e=t.recipient??t.number;return t.answer?this.card("spoken_answer",{recipient:e,answer:t.answer.text}):this.card("spoken_message",{recipient:e,status:this.status(t),text:t.text??this.card("no_text")})}error(t){if(t.code==="unauthorized")return this.card("not_allowed");if(t.translation_key==="unknown_recipient")return this.card("unknown_recipient");if(t.translation_domain==="inteltele"){let e=`exceptions.${t.translation_key}.message`;return this.#e(e,t.translation_placeholders)||this.card("error")}return this.card("error")}refusal(t){return t.translation_domain==="inteltele"||!t.message?this.error(t):t.message}#e(t,e={}){return(this.#t[`component.inteltele.${t}`]??"").replace(/\{(\w+)\}/g,(r,o)=>e[o]??r)}};async function Wt(i,t){return(await i.callWS({type:"frontend/get_translations",language:i.language,category:t,integration:["inteltele"]})).resources}var Zt={entity:"recipient",config_entry_id:"account",title:"title",send_box:"send_box"},ge=[{name:"entity",selector:{entity:{filter:{integration:"inteltele",domain:"notify"}}}},{name:"config_entry_id",selector:{config_entry:{integration:"inteltele"}}},{name:"title",selector:{text:{}}},{name:"send_box",selector:{boolean:{}}}],dt=class extends _{static properties={hass:{attribute:!1},_config:{state:!0},_texts:{state:!0}};setConfig(t){this._config=t}willUpdate(){!this._texts&&this.hass&&M.load(this.hass).then(t=>{this._texts=t})}render(){if(!this._config||!this._texts)return d;let t=this._texts,e=ge.filter(({name:s})=>s!=="config_entry_id"||!this._config?.entity);return h`<ha-form
      .hass=${this.hass}
      .data=${{send_box:!0,...this._config}}
      .schema=${e}
      .computeLabel=${({name:s})=>t.card(Zt[s])}
      .computeHelper=${({name:s})=>s==="entity"||s==="config_entry_id"?t.card(`${Zt[s]}_help`):void 0}
      @value-changed=${this._changed}
    ></ha-form>`}_changed(t){t.stopPropagation();let e=Object.fromEntries(Object.entries(t.detail.value).filter(([s,r])=>r!==void 0&&r!==""&&!(s==="send_box"&&r)));e.entity&&delete e.config_entry_id,this.dispatchEvent(new CustomEvent("config-changed",{detail:{config:e},bubbles:!0,composed:!0}))}};customElements.define("inteltele-messages-card-editor",dt);var J=class{#t;#e;#s;#i;constructor(t){let{language:e,time_format:s,time_zone:r}=t.locale,o=r==="server"?{timeZone:t.config.time_zone}:void 0,n=s==="12"||s==="24"?{hour12:s==="12"}:void 0;this.#t=e,this.#e=new Intl.DateTimeFormat(e,{...o,dateStyle:"long"}),this.#s=new Intl.DateTimeFormat("sv-SE",{...o,dateStyle:"short"}),this.#i=new Intl.DateTimeFormat(s==="system"?void 0:e,{...o,...n,hour:"numeric",minute:"2-digit"})}day(t){let e=Math.round((this.#r(new Date(t))-this.#r(new Date))/864e5);if(e!==0&&e!==-1)return this.#e.format(new Date(t));let r=new Intl.RelativeTimeFormat(this.#t,{numeric:"auto"}).format(e,"day");return r.charAt(0).toLocaleUpperCase(this.#t)+r.slice(1)}time(t){return this.#i.format(new Date(t))}price(t,e){return new Intl.NumberFormat(this.#t,{style:"currency",currency:e,minimumFractionDigits:2,maximumFractionDigits:4}).format(t)}#r(t){return Date.parse(`${this.#s.format(t)}T00:00:00Z`)}};var _e=1e3,ht=class extends _{static properties={hass:{attribute:!1},texts:{attribute:!1},recipients:{attribute:!1},_chosen:{state:!0},_sending:{state:!0},_error:{state:!0}};constructor(){super(),this._sending=!1}render(){let{texts:t,recipients:e}=this;return h`
      ${this._error?h`<p role="alert">${this._error}</p>`:d}
      <form @submit=${this._submit}>
        ${e.length>1?this._choice():d}
        <textarea
          rows="1"
          maxlength=${_e}
          aria-label=${t.card("text")}
          placeholder=${t.card("text")}
          ?readonly=${this._sending}
          @keydown=${this._keyDown}
        ></textarea>
        <button type="submit" aria-label=${t.card("send")} title=${t.card("send")} ?disabled=${this._sending}>
          ${H("send")}
        </button>
      </form>
    `}_choice(){return h`<select aria-label=${this.texts.card("to")} @change=${this._choose}>
      ${this.recipients.map(({entity_id:t,name:e})=>h`<option value=${t} ?selected=${t===this._to}>${e}</option>`)}
    </select>`}get _to(){let t=this.recipients.map(({entity_id:e})=>e);return t.find(e=>e===this._chosen)??t[0]}_choose(t){this._chosen=t.target.value}_keyDown(t){t.key==="Enter"&&!t.shiftKey&&!t.isComposing&&(t.preventDefault(),this.renderRoot.querySelector("form")?.requestSubmit())}async _submit(t){t.preventDefault();let e=this.renderRoot.querySelector("textarea"),s=this._to;if(!e?.value.trim()||!s||this._sending){e?.focus();return}this._sending=!0,this._error=void 0;try{await this.hass.callService("inteltele","send_message",{message:e.value},{entity_id:s},!1),e.value=""}catch(r){this._error=this.texts.refusal(r)}finally{this._sending=!1,e.focus()}}static styles=k`
    :host {
      display: block;
      border-block-start: 1px solid var(--divider-color);
      padding: 8px 12px;
    }
    form {
      display: flex;
      align-items: end;
      gap: 8px;
    }
    textarea,
    select {
      box-sizing: border-box;
      min-height: 40px;
      border: 1px solid var(--input-idle-line-color, var(--divider-color));
      border-radius: 20px;
      padding: 9px 14px;
      font: inherit;
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
      max-height: 8.5em;
      resize: none;
      field-sizing: content;
    }
    textarea::placeholder {
      color: var(--secondary-text-color);
      opacity: 1;
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
      color: var(--error-color);
    }
  `};customElements.define("inteltele-send-box",ht);var Yt=k`
  :host {
    display: block;
    height: 100%;
  }
  ha-card {
    display: flex;
    flex-direction: column;
    height: 30rem;
    overflow: hidden;
  }
  :host([layout="grid"]) ha-card,
  :host([layout="panel"]) ha-card {
    height: 100%;
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
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .day {
    align-self: center;
    margin-block: 4px;
    border-radius: 12px;
    padding: 2px 10px;
    background: var(--secondary-background-color);
    color: var(--secondary-text-color);
    font-size: var(--ha-font-size-s, 12px);
  }
  .bubble {
    box-sizing: border-box;
    max-width: min(85%, 26rem);
    border-radius: 16px;
    padding: 8px 12px;
    color: var(--primary-text-color);
    overflow-wrap: anywhere;
  }
  .out {
    align-self: end;
    border-end-end-radius: 4px;
    background: color-mix(
      in srgb,
      var(--primary-color) 16%,
      var(--card-background-color)
    );
  }
  .out.failed {
    background: color-mix(in srgb, var(--error-color) 14%, var(--card-background-color));
  }
  .in {
    align-self: start;
    border-end-start-radius: 4px;
    background: var(--secondary-background-color);
  }
  .whom {
    margin-block-end: 2px;
    color: var(--secondary-text-color);
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
  .none,
  .gone {
    color: var(--secondary-text-color);
    font-style: italic;
  }
  img {
    display: block;
    box-sizing: border-box;
    max-width: 100%;
    max-height: 220px;
    margin-block-end: 6px;
    border-radius: 10px;
  }
  .button {
    width: fit-content;
    margin-block-start: 6px;
    border: 1px solid var(--primary-color);
    border-radius: 14px;
    padding: 3px 12px;
    font-size: var(--ha-font-size-s, 12px);
    font-weight: 500;
  }
  .foot {
    display: flex;
    gap: 8px;
    align-items: center;
    justify-content: end;
    margin-block-start: 2px;
    color: var(--secondary-text-color);
    font-size: var(--ha-font-size-s, 12px);
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
    color: var(--primary-color);
  }
  .failed .tick,
  .reason,
  .error {
    color: var(--error-color);
  }
  .reason {
    font-size: var(--ha-font-size-s, 12px);
    text-align: end;
  }
  .notice {
    flex: 1;
    align-content: center;
    margin: 0;
    padding: 16px;
    color: var(--secondary-text-color);
    text-align: center;
  }
  .notice.error {
    color: var(--error-color);
  }
  .older {
    display: block;
    margin: 0 auto 8px;
    border: 0;
    border-radius: 12px;
    padding: 6px 12px;
    background: none;
    color: var(--primary-color);
    font: inherit;
    cursor: pointer;
  }
  .older:focus-visible {
    outline: 2px solid var(--primary-color);
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;var mt="inteltele-messages-card",Kt=48,$e=5,ut=class extends _{static properties={hass:{attribute:!1},layout:{reflect:!0},preview:{type:Boolean},_config:{state:!0},_texts:{state:!0},_announcements:{state:!0}};static styles=Yt;_conversation=new G(this,t=>this._announce(t));_gone=new Set;_sizes=new ResizeObserver(()=>this._keepPlace());_language;_format;_atEnd=!0;_lastTop=0;_read;_readTop=0;constructor(){super(),this._announcements=[]}static getConfigElement(){return document.createElement("inteltele-messages-card-editor")}static getStubConfig(t){let e=Gt(t);return e?{entity:e}:{}}setConfig(t){if(t.entity!==void 0&&!String(t.entity).startsWith("notify."))throw new Error("entity must be a notify entity of IntelTele");this._config=t,this._conversation.config=t}getCardSize(){return 9}getGridOptions(){return{columns:12,min_columns:6,rows:8,min_rows:4}}willUpdate(t){if(!t.has("hass")||!this.hass)return;this._conversation.hass=this.hass;let e=t.get("hass");(!this._format||e?.locale!==this.hass.locale)&&(this._format=new J(this.hass)),this._language!==this.hass.language&&(this._language=this.hass.language,this._loadTexts(this.hass))}async _loadTexts(t){try{this._texts=await M.load(t),ft.name=this._texts.card("name"),ft.description=this._texts.card("description")}catch{this._language=void 0}}shouldUpdate(t){let e=t.get("hass");return t.size!==1||!t.has("hass")||e?.locale!==this.hass?.locale||this._language!==this.hass?.language||e?.connection!==this.hass?.connection}render(){let{hass:t,_config:e,_texts:s}=this;if(!t||!e||!s)return h`<ha-card aria-busy="true"></ha-card>`;let o=(this._conversation.account?.recipients??[]).filter(({entity_id:a})=>!e.entity||a===e.entity),n=t.translationMetadata.translations[t.language]?.isRTL??!1,c=e.title??(e.entity&&o[0]?.name||s.card("name"));return h`
      <ha-card dir=${n?"rtl":"ltr"}>
        <h2><bdi>${c}</bdi></h2>
        ${this._content(s)}
        <div class="unseen" role="log">${this._announcements.map(a=>h`<p>${a}</p>`)}</div>
        ${o.length>0&&e.send_box!==!1?h`<inteltele-send-box .hass=${t} .texts=${s} .recipients=${o}></inteltele-send-box>`:d}
      </ha-card>
    `}_content(t){let{messages:e,error:s,account:r,hasOlder:o,loadingOlder:n}=this._conversation;if(!e||!r||!this._format)return s?h`<p class="notice error" role="alert">${t.error(s)}</p>`:h`<p class="notice" aria-busy="true">${t.card("loading")}</p>`;let c={texts:t,format:this._format,currency:r.currency,showRecipient:!this._config?.entity,goneFrom:this._gone,onPictureGone:a=>{this._gone.add(a),this.requestUpdate()}};return h`<div class="scroller" tabindex="0" role="region" aria-label=${t.card("messages")} @scroll=${this._scrolled}>
      ${s?h`<p class="notice error" role="alert">${t.error(s)}</p>`:d}
      ${o?h`<button class="older" ?disabled=${n} @click=${this._loadOlder}>${t.card("older")}</button>`:d}
      ${e.length>0?h`<ol>${this._items(e,c)}</ol>`:h`<p class="notice">${t.card("empty")}</p>`}
    </div>`}_items(t,e){let s=t.map(({sent_at:r})=>e.format.day(r));return Ft(t,({seq:r})=>r,(r,o)=>h`
        ${s[o]===s[o-1]?d:h`<li class="day">${s[o]}</li>`}
        ${jt(r,e)}
      `)}updated(){this._keepPlace(),this._sizes.disconnect();for(let t of this.renderRoot.querySelectorAll(".scroller, ol"))this._sizes.observe(t)}get _scroller(){return this.renderRoot.querySelector(".scroller")}_scrolled(){let t=this._scroller;if(!t)return;let{scrollTop:e,scrollHeight:s,clientHeight:r}=t;s-e-r<Kt?this._atEnd=!0:e<this._lastTop&&(this._atEnd=!1),this._lastTop=e,this._read=[...t.querySelectorAll(".bubble")].find(o=>pt(o,t)+o.clientHeight>0),this._readTop=this._read?pt(this._read,t):0,e<Kt&&!this._atEnd&&this._loadOlder()}_keepPlace(){let t=this._scroller;if(!t)return;let e=this._atEnd?t.scrollHeight-t.clientHeight-t.scrollTop:this._read?.isConnected?pt(this._read,t)-this._readTop:0;Math.abs(e)>=1&&(t.scrollTop+=e)}_loadOlder(){this._conversation.loadOlder()}_announce(t){let e=t.map(s=>this._texts?.spoken(s)??"");this._announcements=[...this._announcements,...e].slice(-$e)}};function Gt(i,t){return Object.keys(i.entities).find(e=>{let s=i.entities[e];return e.startsWith("notify.")&&s?.platform==="inteltele"&&(t===void 0||s.device_id===t)})}function ve(i,t){let e=i.entities[t];if(e?.platform!=="inteltele")return null;let s=Gt(i,e.device_id),r={type:`custom:${mt}`};return{config:s?{...r,entity:s}:r}}function pt(i,t){return i.getBoundingClientRect().top-t.getBoundingClientRect().top}customElements.define(mt,ut);var ft={type:mt,name:"IntelTele messages",description:"Shows what your house wrote, whether it arrived and what was answered, and lets you write.",preview:!0,getEntitySuggestion:ve,documentationURL:"https://github.com/inteltele/inteltele-home-assistant"};window.customCards??=[];window.customCards.push(ft);export{ut as MessagesCard};
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
