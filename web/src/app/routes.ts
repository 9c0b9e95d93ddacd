import { OPERATORS } from '../identity/entry';
import type { Route } from './paths';

const PORTFOLIO = '#/portfolio';
const GIVEAWAYS = '#/giveaways';
const SHOP = '#/shop';
const OPERATIONS = '#/operations';
const ACCOUNT = '#/profile';
const MERCHANTS = ['Merchant', 'BranchManager', 'Cashier'];

export const routes: readonly Route[] = [
  { pattern: /^\/?$/, nav: { label: 'Market', hash: '#/' }, prices: true, load: async () => (await import('../market/Board.svelte')).default },
  {
    pattern: /^\/symbol\/([^/]+)$/,
    prices: true,
    load: async () => (await import('../market/SymbolPage.svelte')).default,
  },
  {
    pattern: /^\/portfolio$/,
    nav: { label: 'Portfolio', hash: PORTFOLIO },
    load: async () => (await import('../portfolio/PortfolioPage.svelte')).default,
  },
  {
    pattern: /^\/portfolio\/(PACC_[0-9A-Z]+)$/,
    within: PORTFOLIO,
    load: async () => (await import('../portfolio/HoldingsPage.svelte')).default,
  },
  {
    pattern: /^\/portfolio\/(PACC_[0-9A-Z]+)\/holding\/([^/]+)$/,
    within: PORTFOLIO,
    load: async () => (await import('../portfolio/HoldingPage.svelte')).default,
  },
  {
    pattern: /^\/portfolio\/(PACC_[0-9A-Z]+)\/holding\/([^/]+)\/(?:performance|lot\/([^/]+))$/,
    within: PORTFOLIO,
    load: async () => (await import('../portfolio/HoldingPerformancePage.svelte')).default,
  },
  {
    pattern: /^\/portfolio\/(PACC_[0-9A-Z]+)\/recommendation$/,
    within: PORTFOLIO,
    load: async () => (await import('../advice/RecommendationPage.svelte')).default,
  },
  {
    pattern: /^\/portfolio\/sharing$/,
    within: PORTFOLIO,
    load: async () => (await import('../sharing/SharingPage.svelte')).default,
  },
  {
    pattern: /^\/shared\/([^/]+)$/,
    load: async () => (await import('../sharing/SharedPage.svelte')).default,
  },
  {
    pattern: /^\/portfolio\/(PACC_[0-9A-Z]+)\/transactions$/,
    within: PORTFOLIO,
    load: async () => (await import('../portfolio/TransactionsPage.svelte')).default,
  },
  {
    pattern: /^\/portfolio\/performance$/,
    within: PORTFOLIO,
    load: async () => (await import('../portfolio/TotalPerformancePage.svelte')).default,
  },
  {
    pattern: /^\/portfolio\/alerts$/,
    within: PORTFOLIO,
    load: async () => (await import('../portfolio/AlertsPage.svelte')).default,
  },
  {
    pattern: /^\/portfolio\/(PACC_[0-9A-Z]+)\/performance$/,
    within: PORTFOLIO,
    load: async () => (await import('../portfolio/PerformancePage.svelte')).default,
  },
  {
    pattern: /^\/portfolio\/(PACC_[0-9A-Z]+)\/rebalance(?:\/(PLAN_[0-9A-Z]+))?$/,
    within: PORTFOLIO,
    load: async () => (await import('../plans/RebalancePage.svelte')).default,
  },
  {
    pattern: /^\/portfolio\/tax-losses$/,
    within: PORTFOLIO,
    load: async () => (await import('../plans/TaxLossPage.svelte')).default,
  },
  {
    pattern: /^\/portfolio\/watchlists(?:\/(WATCHLIST_[0-9A-Z]+))?$/,
    within: PORTFOLIO,
    prices: true,
    load: async () => (await import('../watchlists/WatchlistsPage.svelte')).default,
  },
  {
    pattern: /^\/portfolio\/(PACC_[0-9A-Z]+)\/import$/,
    within: PORTFOLIO,
    load: async () => (await import('../portfolio/ImportPage.svelte')).default,
  },
  {
    pattern: /^\/giveaways$/,
    nav: { label: 'Giveaways', hash: GIVEAWAYS },
    load: async () => (await import('../giveaways/HostPage.svelte')).default,
  },
  {
    pattern: /^\/giveaways\/(new|[A-Z]+_[0-9A-Z]+\/edit)$/,
    within: GIVEAWAYS,
    load: async () => (await import('../giveaways/EditorPage.svelte')).default,
  },
  {
    pattern: /^\/giveaways\/([A-Z]+_[0-9A-Z]+)$/,
    within: GIVEAWAYS,
    load: async () => (await import('../giveaways/GiveawayPage.svelte')).default,
  },
  {
    pattern: /^\/wallet$/,
    within: GIVEAWAYS,
    load: async () => (await import('../wallet/WalletPage.svelte')).default,
  },
  {
    pattern: /^\/premium$/,
    within: GIVEAWAYS,
    load: async () => (await import('../premium/PremiumPage.svelte')).default,
  },
  {
    pattern: /^\/g\/([^/]+)$/,
    within: GIVEAWAYS,
    load: async () => (await import('../giveaways/ParticipantPage.svelte')).default,
  },
  {
    pattern: /^\/g\/([^/]+)\/verify$/,
    within: GIVEAWAYS,
    load: async () => (await import('../giveaways/VerifyPage.svelte')).default,
  },
  {
    pattern: /^\/join\/([^/]+)$/,
    within: GIVEAWAYS,
    load: async () => (await import('../giveaways/JoinPage.svelte')).default,
  },
  {
    pattern: /^\/shop$/,
    nav: { label: 'Shop', hash: SHOP, roles: MERCHANTS },
    load: async () => (await import('../merchant/ShopPage.svelte')).default,
  },
  {
    pattern: /^\/shop\/(cards|money)$/,
    within: SHOP,
    load: async () => (await import('../merchant/ShopPage.svelte')).default,
  },
  {
    pattern: /^\/operations$/,
    nav: { label: 'Operations', hash: OPERATIONS, roles: OPERATORS },
    load: async () => (await import('../ops/BooksPage.svelte')).default,
  },
  {
    pattern: /^\/operations\/account\/([^/]+)$/,
    within: OPERATIONS,
    load: async () => (await import('../ops/AccountPage.svelte')).default,
  },
  {
    pattern: /^\/operations\/sagas$/,
    within: OPERATIONS,
    load: async () => (await import('../ops/SagasPage.svelte')).default,
  },
  {
    pattern: /^\/operations\/sagas\/([^/]+)$/,
    within: OPERATIONS,
    load: async () => (await import('../ops/SagaPage.svelte')).default,
  },
  {
    pattern: /^\/operations\/letters$/,
    within: OPERATIONS,
    load: async () => (await import('../ops/LettersPage.svelte')).default,
  },
  {
    pattern: /^\/operations\/reconciliation$/,
    within: OPERATIONS,
    load: async () => (await import('../ops/ReconciliationPage.svelte')).default,
  },
  {
    pattern: /^\/operations\/audit$/,
    within: OPERATIONS,
    load: async () => (await import('../audit/AuditPage.svelte')).default,
  },
  {
    pattern: /^\/operations\/merchants$/,
    within: OPERATIONS,
    load: async () => (await import('../ops/MerchantsPage.svelte')).default,
  },
  {
    pattern: /^\/feed$/,
    nav: { label: 'Feed', hash: '#/feed' },
    load: async () => (await import('../ops/FeedPage.svelte')).default,
  },
  {
    pattern: /^\/profile$/,
    within: ACCOUNT,
    load: async () => (await import('../profile/ProfilePage.svelte')).default,
  },
  {
    pattern: /^\/security$/,
    within: ACCOUNT,
    load: async () => (await import('../identity/SecurityPage.svelte')).default,
  },
  {
    pattern: /^\/api-keys$/,
    within: ACCOUNT,
    load: async () => (await import('../identity/ApiKeysPage.svelte')).default,
  },
  {
    pattern: /^\/notifications$/,
    within: ACCOUNT,
    load: async () => (await import('../notices/NoticesPage.svelte')).default,
  },
  {
    pattern: /^\/sign-in$/,
    load: async () => (await import('../identity/SignInPage.svelte')).default,
  },
  {
    pattern: /^\/sign-in\/callback\/([^/]+)$/,
    load: async () => (await import('../identity/CallbackPage.svelte')).default,
  },
  {
    pattern: /^\/register$/,
    load: async () => (await import('../identity/RegisterPage.svelte')).default,
  },
  {
    pattern: /^\/verify$/,
    load: async () => (await import('../identity/VerifyPage.svelte')).default,
  },
  {
    pattern: /^\/forgot$/,
    load: async () => (await import('../identity/ForgotPage.svelte')).default,
  },
  {
    pattern: /^\/reset$/,
    load: async () => (await import('../identity/ResetPage.svelte')).default,
  },
];
