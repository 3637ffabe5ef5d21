import { Component, type ReactNode } from "react";
import { NotLoaded } from "./later.tsx";

interface BrokenProps {
  screen: string;
  children: ReactNode;
}

interface BrokenState {
  screen: string;
  isBroken: boolean;
}

/**
 * An answer that is not as agreed, as of another version or of a proxy, breaks the screen that shows it, not the host's page
 * and not the next screen. It stays in place when the screen changes: the old one is seen until the new one is there.
 */
export class Broken extends Component<BrokenProps, BrokenState> {
  override state: BrokenState = { screen: this.props.screen, isBroken: false };
  static getDerivedStateFromError = () => ({ isBroken: true });
  static getDerivedStateFromProps = ({ screen }: BrokenProps, state: BrokenState) =>
    state.screen === screen ? null : { screen, isBroken: false };
  override render() {
    return this.state.isBroken ? <NotLoaded /> : this.props.children;
  }
}
